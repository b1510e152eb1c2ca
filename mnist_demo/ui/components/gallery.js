// Many small pictures cut from one, of which one is chosen: by a click, or by arrow keys and Enter.

function buildTile(gallery, index, choose) {
  const tile = document.createElement("button");
  tile.type = "button";
  tile.setAttribute("role", "radio");
  tile.addEventListener("click", () => choose(index));
  tile.addEventListener("keydown", (event) => moveFocus(gallery, index, event));
  return tile;
}

function moveFocus(gallery, index, event) {
  const columns = getComputedStyle(gallery).gridTemplateColumns.split(" ").length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  const next = gallery.children[index + (steps[event.key] ?? NaN)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function mark(gallery, chosen) {
  [...gallery.children].forEach((tile, index) => {
    tile.setAttribute("aria-checked", String(index === chosen));
    tile.tabIndex = index === chosen ? 0 : -1; // one stop for the Tab key, as radio buttons have
  });
}

function dress(tile, index, { sprite, columns, rows, names }) {
  const share = (place, places) => (places > 1 ? (100 * place) / (places - 1) : 0);
  tile.style.backgroundImage = `url(${sprite})`;
  tile.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  tile.style.backgroundPosition =
    `${share(index % columns, columns)}% ${share(Math.floor(index / columns), rows)}%`;
  tile.setAttribute("aria-label", names[index]);
  tile.title = names[index];
}

export default function ({ data, parentElement, setStateValue }) {
  const gallery = parentElement.querySelector(".gallery");
  return showLatest(parentElement, () => show(gallery, data, setStateValue));
}

function show(gallery, data, setStateValue) {
  const choose = (index) => {
    mark(gallery, index);
    setStateValue("chosen", index);
  };
  gallery.setAttribute("aria-label", data.label);
  gallery.style.setProperty("--tile", data.tile);
  while (gallery.children.length > data.names.length) gallery.lastChild.remove();
  while (gallery.children.length < data.names.length) {
    gallery.append(buildTile(gallery, gallery.children.length, choose));
  }
  if (gallery.dataset.sprite !== data.sprite) {
    [...gallery.children].forEach((tile, index) => dress(tile, index, data));
    gallery.dataset.sprite = data.sprite;
  }
  mark(gallery, data.chosen);
}
