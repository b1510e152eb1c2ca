// One Plotly figure whose node stays in the page while its data changes; where somebody listens, it tells which
// point was clicked.

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".chart");
  return showLatest(parentElement, () => show(node, parentElement, data, setTriggerValue), () => releaseFigure(node));
}

function show(node, parentElement, data, setTriggerValue) {
  parentElement.querySelector("figcaption").textContent = data.title;
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", data.alt);
  node.classList.toggle("clickable", data.clickable);
  node.style.height = `${data.figure.layout.height}px`;
  node.tellClick = data.clickable && (({ points: [point] }) => setTriggerValue("clicked", { x: point.x, y: point.y }));
  drawFigure(node, data.figure, data.plotly, { displayModeBar: false, responsive: true }).then(() => listen(node));
}

// Plotly's nodes can be listened to once they are drawn; purge takes the listener away.
function listen(node) {
  node.removeAllListeners?.("plotly_click");
  if (node.tellClick) node.on?.("plotly_click", node.tellClick);
}
