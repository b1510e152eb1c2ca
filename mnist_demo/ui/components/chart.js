// One Plotly figure whose node stays in the page while its data changes.

export default function ({ data, parentElement }) {
  const node = parentElement.querySelector(".chart");
  parentElement.querySelector("figcaption").textContent = data.title;
  node.setAttribute("aria-label", data.alt);
  node.style.height = `${data.figure.layout.height}px`;
  drawFigure(node, data.figure, data.plotly, { displayModeBar: false, responsive: true });
  return () => releaseFigure(node);
}
