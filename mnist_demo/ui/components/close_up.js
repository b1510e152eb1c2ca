// The close-up of a neuron: what it gets, its weights, their product, and what becomes of the sum.

class CloseUp {
  constructor(root, colours) {
    this.root = root;
    this.colours = colours;
    this.chosen = ""; // layer and place of a neuron: "1.17"
    this.part = (name) => root.querySelector(`.close-up-${name}`);
    this.pictures = [...root.querySelectorAll("[data-part]")];
    this.part("close").addEventListener("click", () => this.close());
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  label(words) {
    this.part("close").setAttribute("aria-label", words.close);
    const parts = { inputs: words.inputs, weights: words.weights, product: words.product };
    for (const canvas of this.pictures) canvas.nextElementSibling.textContent = parts[canvas.dataset.part];
  }

  choose({ layer, place }) {
    if (this.root.hidden) this.focusedBefore = document.activeElement;
    this.chosen = `${layer}.${place}`;
  }

  // Whether the network shown has a place for the chosen neuron.
  fits({ shown }) {
    const [layer, place] = this.chosen.split(".").map(Number);
    return place < (shown[layer - 1]?.length ?? 0);
  }

  show(neuron) {
    this.root.hidden = !neuron;
    if (!neuron) return;
    this.part("title").textContent = neuron.title;
    this.root.setAttribute("aria-label", neuron.title);
    this.part("formula").textContent = neuron.formula;
    for (const canvas of this.pictures) {
      const signed = canvas.dataset.part !== "inputs";
      const values = unpack(neuron[canvas.dataset.part], signed ? Int8Array : Uint8Array);
      paintValues(values, neuron.columns, neuron.rows, signed ? this.colours.signed : this.colours.grey, canvas);
    }
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  close() {
    const hadFocus = this.root.contains(document.activeElement);
    this.chosen = "";
    this.root.hidden = true;
    if (hadFocus) this.focusedBefore?.focus?.({ preventScroll: true });
  }
}
