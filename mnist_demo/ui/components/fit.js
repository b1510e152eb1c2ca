// Fits a figure of the live panel into the room that its node has, and its value axis around what is to be seen.

const LOW_PIXELS = 200; // a chart of less height does without the x axis's title, as one in projector view
const LOW_MARGIN = { t: 30, b: 24 };
const BARE_MARGIN = { t: 6, b: 24 }; // in projector view the legend stands above the charts
const NARROW_PIXELS = 430; // a chart of less width has room for two lines in its legend
const LOW_TICKS = { nticks: 4 };
const LOW_TICKS_ENLARGED = { nticks: 2 }; // in projector view
const LOG_TICKS = { nticks: 3, tickformat: "~g" }; // 0.1, 0.2, 0.5: Plotly would write 0.1, 2, 5

// Plotly writes into what it gets: it gets copies.
function fit(node, { figure: { data, layout }, ranges, marks }, scale) {
  const [width, height] = [node.clientWidth || undefined, node.clientHeight || layout.height]; // 0: not shown
  const isLow = height < LOW_PIXELS;
  const isNarrow = width < NARROW_PIXELS;
  const isEnlarged = textScale() > 1;
  const ticks = scale === "log" ? LOG_TICKS : isLow ? (isEnlarged ? LOW_TICKS_ENLARGED : LOW_TICKS) : {};
  const lines = data.map((line, number) => ({ ...line, showlegend: !isNarrow || number > 0 }));
  const { xaxis, yaxis, margin } = layout;
  const revision = `${layout.uirevision} ${scale}`;
  const fitted = scale === "log" ? ranges.log.map(Math.log10) : ranges.linear;
  const given = rangeToGive(node, fitted, revision);
  const levels = layout.shapes.map((line) => level(line, fitted, scale === "log" ? Math.log10(line.y0) : line.y0));
  return { data: lines, layout: { ...layout, width, height, shapes: [...levels, ...marks.map((mark) => ({ ...mark }))], showlegend: !isEnlarged,
    meta: { revision, given, home: { xaxis: xaxis.range, yaxis: fitted } },
    margin: isEnlarged ? { ...margin, ...BARE_MARGIN } : isLow ? { ...margin, ...LOW_MARGIN } : margin,
    xaxis: { ...xaxis, range: [...xaxis.range], title: isLow || isEnlarged ? { text: "" } : xaxis.title },
    yaxis: { ...yaxis, ...ticks, type: scale, range: [...given], uirevision: revision } } };
}

// A line across, with its words on the side where there is room; Plotly would show half a word at an edge.
function level(line, [low, high], place) {
  const yanchor = place > (low + high) / 2 ? "top" : "bottom";
  return { ...line, visible: low < place && place < high, label: { ...line.label, yanchor } };
}

// Plotly gives a zoom up as soon as it gets another range than before, whatever the revision. So who has zoomed
// gets the same range again.
function rangeToGive(node, fitted, revision) {
  const { meta, yaxis } = node.layout ?? {};
  const isKnown = (range) => range.every((edge, place) => edge === yaxis.range[place]);
  const isZoomed = meta?.revision === revision && !isKnown(meta.given) && !isKnown(meta.home.yaxis);
  return isZoomed ? meta.given : fitted;
}

// Where a double click leads to: for Plotly that is how the chart began.
function setHome(node) {
  for (const [name, range] of Object.entries(node.layout?.meta?.home ?? {})) {
    const axis = node._fullLayout[name];
    [axis._rangeInitial0, axis._rangeInitial1] = range;
  }
}

function roomOf(node) {
  return `${node.clientWidth} × ${node.clientHeight}`;
}
