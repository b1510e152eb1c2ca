// Projector view: everything larger, for the last row. The page's style does the rest; the browser remembers it.

const NAME = "mnist-demo-projector";
const SCREEN = `<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2"
  aria-hidden="true"><path d="M3 5h18v11H3zM12 16v4M8 20h8"/></svg>`;

function setProjector(on) {
  document.documentElement.classList.toggle("projector-view", on);
  remember(NAME, on ? "on" : "");
  tellButtons();
  window.dispatchEvent(new Event("resize")); // charts are drawn to the size that they have then
}

function tellButtons() {
  for (const button of document.querySelectorAll("button.projector")) button.setAttribute("aria-pressed", String(isOn()));
}

function isOn() {
  return document.documentElement.classList.contains("projector-view");
}

function onKey(event) {
  if (pageKey(event) === "p") setProjector(!isOn());
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".projector");
  button.innerHTML = SCREEN;
  button.setAttribute("aria-label", data.label);
  button.title = data.help;
  button.onclick = () => setProjector(!isOn());
  // Once for all pages: the button itself comes and goes with each of them.
  if (!window.mnistDemoProjector) {
    window.mnistDemoProjector = true;
    document.addEventListener("keydown", onKey);
    if (remembered(NAME) === "on") setProjector(true);
  }
  tellButtons();
}
