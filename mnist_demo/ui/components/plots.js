// Shared by the components below: one plotly.js for the page, and figures in the colours of the page's theme.

const TOUCH = matchMedia("(hover: none)").matches; // no bar of tools over a small chart that fingers move
const PLOT_CONFIG = { displaylogo: false, responsive: true, displayModeBar: TOUCH ? false : "hover",
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
  showSendToCloud: false, plotlyServerURL: "" }; // charts stay on this server

const QUIET_MILLISECONDS = 300;
const MOST_PATIENCE_MILLISECONDS = 3000;
const LOOK_MILLISECONDS = 50;

function loadPlotly(url) {
  window.mnistDemoPlotly ??= fetchPlotly(new URL(url, document.baseURI));
  return window.mnistDemoPlotly;
}

async function fetchPlotly(src) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: src }));
  await untilQuiet();
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.mnistDemoPlotly = undefined; // so that the next update tries again
      reject(new Error(`${src} did not load`));
    };
    document.head.append(script);
  });
}

// Reading plotly.js holds everything else up for half a second or more: it waits until the rest of the page is
// there, which is when nothing more is loaded and the browser has had time to spare for a while. What scripts
// fetch does not count: the live panel never stops asking.
async function untilQuiet() {
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 0)); // Safari has none
  const begun = performance.now();
  let quietSince = begun;
  while (performance.now() - quietSince < QUIET_MILLISECONDS && performance.now() - begun < MOST_PATIENCE_MILLISECONDS) {
    const looked = performance.now();
    const loaded = countLoaded();
    await new Promise((resolve) => setTimeout(() => idle(resolve, { timeout: QUIET_MILLISECONDS }), LOOK_MILLISECONDS));
    const wasBusy = performance.now() - looked > 2 * LOOK_MILLISECONDS;
    if (wasBusy || countLoaded() > loaded) quietSince = performance.now();
  }
}

function countLoaded() {
  return performance.getEntriesByType("resource").filter((entry) => entry.initiatorType !== "fetch").length;
}

const WIDE = matchMedia("(min-width: 900px)"); // where there is a projector view, as in style.py
const SMALLEST_FONT_PIXELS = 13; // on a chart, as in theme.py

// How much larger than usual the page's text is: in projector view alone.
function textScale() {
  const page = document.documentElement;
  return WIDE.matches && page.classList.contains("projector-view") ? parseFloat(getComputedStyle(page).fontSize) / SMALLEST_FONT_PIXELS : 1;
}

// Fonts and the margins that they need, larger; all else as it was.
function enlarged(part, scale, name = "") {
  if (scale === 1 || typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => enlarged(item, scale));
  const grows = { font: ["size"], tickfont: ["size"], margin: ["l", "r", "t", "b"] }[name] ?? [];
  return Object.fromEntries(Object.entries(part).map(([key, value]) =>
    [key, grows.includes(key) ? value * scale : enlarged(value, scale, key)]));
}

const TICK_FONTS = 1.9; // so many letters wide is the room of a number on an axis

// On a phone numbers of epochs would run together: fewer of them, as round as those before.
function spread(axis, fontPixels, pixels) {
  if (!(axis.dtick >= 1) || !axis.range || pixels <= 0) return axis;
  const most = Math.max(pixels / (TICK_FONTS * (axis.tickfont?.size ?? fontPixels)), 1);
  const factor = [1, 2, 5, 10, 20, 50].find((step) => (axis.range[1] - axis.range[0]) / (axis.dtick * step) <= most);
  return { ...axis, dtick: axis.dtick * (factor ?? 100) };
}

let darkened;

// Whether the browser darkens this page by itself, whatever the page says of its colours, as some do in a light system.
// It leaves the letters and lines of a drawing as they are, dark on what is dark now: then charts take the colours of
// the stage, which is dark always.
function isDarkened() {
  if (darkened !== undefined) return darkened;
  const probe = Object.assign(document.createElement("div"), { style: "color-scheme: only light; background: canvas" });
  document.body.append(probe);
  darkened = getComputedStyle(probe).backgroundColor !== "rgb(255, 255, 255)";
  probe.remove();
  return darkened;
}

function inTheme(plain, node) {
  const layout = enlarged(plain, textScale());
  const style = getComputedStyle(node);
  const colour = (name) => style.getPropertyValue(name).trim();
  const [text, grid] = (isDarkened() ? ["--stage-ink", "--stage-line"] : ["--st-text-color", "--st-border-color"]).map(colour);
  const themed = { ...layout, paper_bgcolor: "transparent", plot_bgcolor: "transparent",
    modebar: { bgcolor: "transparent", color: text, activecolor: colour("--st-primary-color") },
    font: { ...layout.font, color: text, family: colour("--st-font") } };
  if (themed.xaxis) themed.xaxis = spread(themed.xaxis, layout.font.size, node.clientWidth - layout.margin.l - layout.margin.r);
  for (const name of Object.keys(layout).filter((key) => /^[xy]axis/.test(key))) {
    themed[name] = { ...themed[name], gridcolor: grid, zerolinecolor: grid };
  }
  return themed;
}

// Draws a figure into its node and keeps the node: zoom and hover live on. A figure that comes while another one
// is being drawn waits, and only the latest waiting one is drawn.
function drawFigure(node, figure, url, config = PLOT_CONFIG) {
  node.waitingFigure = node.latestFigure = figure;
  node.drawing ??= drawWaiting(node, url, config);
  return node.drawing;
}

async function drawWaiting(node, url, config) {
  try {
    // A server that is lost is told by Streamlit; the figure waits for the next update, which tries again.
    const plotly = await loadPlotly(url).catch((error) => console.info("A chart waits:", error.message));
    while (plotly && node.waitingFigure && node.isConnected) {
      const next = node.waitingFigure;
      node.waitingFigure = null;
      await plotly.react(node, next.data, inTheme(next.layout, node), config);
      node.dataset.drawn = Number(node.dataset.drawn ?? 0) + 1;
    }
  } finally {
    node.drawing = null; // at once, so that no figure comes between the last look and this
  }
}

// Gives up a node's figure, unless another one comes, after the drawing that is under way, which needs what purge
// takes away.
async function releaseFigure(node) {
  const given = node.latestFigure;
  node.waitingFigure = null;
  await node.drawing;
  if (node.latestFigure === given) window.Plotly?.purge(node);
}
