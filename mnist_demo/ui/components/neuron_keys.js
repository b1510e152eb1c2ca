// The keyboard's way to the neurons of a picture: a box lies over each layer, in which the arrows walk from neuron to
// neuron, and Enter or the space bar chooses one.

class NeuronKeys {
  constructor(picture, { redraw, choose }) {
    this.picture = picture;
    this.redraw = redraw;
    this.choose = choose;
    this.boxes = [];
    this.walked = []; // where the keyboard is in each layer
  }

  setNetwork({ shown, is_direct: isDirect }, words) {
    this.shown = shown;
    this.isDirect = isDirect;
    this.words = words;
    while (this.boxes.length > shown.length) this.boxes.pop().remove();
    while (this.boxes.length < shown.length) this.boxes.push(this.addBox(this.boxes.length + 1));
    this.walked = shown.map((layer, index) => (this.walked[index] < layer.length ? this.walked[index] : 0));
  }

  addBox(layer) {
    const name = `stage-neuron-${layer}`;
    const box = Object.assign(document.createElement("div"), { className: "stage-layer", tabIndex: 0 });
    box.append(Object.assign(document.createElement("span"), { id: name }));
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-activedescendant", name);
    box.firstChild.setAttribute("role", "option");
    box.firstChild.setAttribute("aria-selected", "true");
    box.addEventListener("keydown", (event) => this.walk(event, layer));
    box.addEventListener("focus", () => this.mark({ layer, place: this.walked[layer - 1] }));
    box.addEventListener("blur", () => this.mark(null));
    (this.boxes.at(-1) ?? this.picture.canvas).after(box);
    return box;
  }

  // Lays the boxes over the layers, wherever these have just been drawn.
  place() {
    const { offsetLeft, offsetTop } = this.picture.canvas;
    for (const [index, box] of this.boxes.entries()) {
      const { left, top, side, columns, rows } = this.picture.places.layers[index];
      Object.assign(box.style, { left: `${offsetLeft + left}px`, top: `${offsetTop + top}px`,
        width: `${columns * side}px`, height: `${rows * side}px` });
      box.setAttribute("aria-label", this.picture.captions[index]);
      const neuron = this.shown[index][this.walked[index]];
      const name = this.isDirect ? this.words.output.replace("{digit}", neuron)
        : this.words.neuron.replace("{number}", neuron + 1).replace("{layer}", index + 1);
      box.firstChild.setAttribute("aria-label", name);
    }
  }

  mark(neuron) {
    this.picture.marked = neuron;
    if (neuron) this.walked[neuron.layer - 1] = neuron.place;
    this.redraw();
  }

  walk(event, layer) {
    const { columns, count } = this.picture.places?.layers[layer - 1] ?? {};
    if (!count) return; // not drawn yet
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const place = this.walked[layer - 1];
    const next = place + (steps[event.key] ?? NaN);
    if (next >= 0 && next < count) this.mark({ layer, place: next });
    else if (event.key === "Enter" || event.key === " ") this.choose({ layer, place });
    else if (!(event.key in steps)) return;
    event.preventDefault(); // at an edge, too, where the page would scroll
  }
}
