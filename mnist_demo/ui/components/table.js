// A table that is sorted by a press on the title of a column, first upwards, then downwards; what is missing comes last.

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector(".sortable");
  return showLatest(parentElement, () => show(frame, data), () => frame.room?.disconnect());
}

// Whether columns lie beyond the right edge, which fades then: what is cut off there looks like all there is.
function tellMore(frame) {
  frame.toggleAttribute("data-more", frame.scrollLeft + frame.clientWidth < frame.scrollWidth - 1);
}

function watchRoom(frame) {
  const look = () => tellMore(frame);
  frame.onscroll = look;
  frame.room = new ResizeObserver(look);
  for (const part of [frame, frame.firstElementChild]) frame.room.observe(part);
}

function show(frame, { columns, label }) {
  const shown = JSON.stringify(columns);
  frame.setAttribute("aria-label", label);
  if (frame.shown === shown) return; // and keeps its order
  frame.shown = shown;
  if (!frame.room) watchRoom(frame);
  const [head, body] = frame.querySelectorAll("tr, tbody");
  head.replaceChildren(...columns.map(({ title }, place) => buildTitle(title, () => sort(head, body, columns, place))));
  fill(body, columns, [...columns[0].cells.keys()]);
}

function buildTitle(text, press) {
  const title = Object.assign(document.createElement("th"), { scope: "col", ariaSort: "none" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: press });
  title.append(button);
  return title;
}

function sort(head, body, columns, place) {
  const falls = head.cells[place].ariaSort === "ascending";
  for (const title of head.cells) title.ariaSort = "none";
  head.cells[place].ariaSort = falls ? "descending" : "ascending";
  const { keys } = columns[place];
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b) * (falls ? -1 : 1);
  const order = [...keys.keys()].sort((i, j) => (keys[i] === null) - (keys[j] === null) || compare(keys[i], keys[j]));
  fill(body, columns, order);
}

function fill(body, columns, order) {
  body.replaceChildren(...order.map((row) => {
    const line = document.createElement("tr");
    columns.forEach(({ cells }, place) => {
      const cell = document.createElement(place ? "td" : "th");
      if (!place) cell.scope = "row";
      cell.textContent = cells[row];
      line.append(cell);
    });
    return line;
  }));
}
