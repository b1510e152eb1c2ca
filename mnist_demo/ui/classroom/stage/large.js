// A tile large: the picture as the network got it, its ten probabilities, why, and what a teacher can do with it.

class LargeTile {
  constructor(dialog, act) {
    Object.assign(this, { dialog, act });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // the dark around it
    });
  }

  show(tile, words, heading, why) {
    this.tile = tile;
    const picture = element("canvas", "class-large-picture");
    paintImage(picture, tile.image);
    const close = element("button", "class-large-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    close.addEventListener("click", () => this.dialog.close());
    const parts = [this.figure(picture, words.as_read)];
    if (tile.probabilities) parts.push(this.why(why, words), this.bars(tile)); // else it is not revealed yet
    const title = element("h3", "", heading);
    title.id = "class-large-title";
    this.dialog.setAttribute("aria-labelledby", title.id);
    this.dialog.replaceChildren(element("header", "", title, close),
      element("div", "class-large-parts", ...parts), this.buttons(words));
    if (!this.dialog.open) this.dialog.showModal();
  }

  bars({ probabilities, read }) {
    return element("ol", "class-large-bars", ...probabilities.map((share, digit) => {
      const line = element("i", "", element("i", ""));
      line.firstChild.style.width = `${100 * share}%`;
      const parts = [element("b", "", String(digit)), line, element("span", "", chance(share))];
      return element("li", digit === read ? "winner" : "", ...parts);
    }));
  }

  figure(picture, caption) {
    return element("figure", "", picture, element("figcaption", "", caption));
  }

  why(url, words) {
    const picture = element("img", "class-large-picture");
    picture.alt = words.why_alt;
    const figure = this.figure(picture, words.why);
    picture.addEventListener("error", () => figure.remove()); // the network has been changed meanwhile
    picture.src = url;
    return figure;
  }

  buttons(words) {
    const { id, held, hidden } = this.tile;
    const out = held || hidden;
    const verbs = [["put", words.put_on_canvas], [out ? "show" : "hide", out ? words.show_tile : words.hide_tile]];
    return element("p", "class-large-buttons", ...verbs.map(([verb, text]) => {
      const button = element("button", "", text);
      button.type = "button";
      button.addEventListener("click", () => {
        this.dialog.close();
        this.act(verb, id);
      });
      return button;
    }));
  }
}
