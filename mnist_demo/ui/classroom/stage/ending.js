// Before a class ends, its teacher says what becomes of the drawings.

class Ending {
  constructor(dialog, act) {
    Object.assign(this, { dialog, act });
  }

  ask(words) {
    const title = element("h3", "", words.end_sure);
    title.id = "class-ending-title";
    this.dialog.setAttribute("aria-labelledby", title.id);
    const choices = [[words.end_delete, { keep: false }], [words.end_keep, { keep: true }], [words.cancel, null]];
    const buttons = choices.map(([text, values]) => {
      const button = element("button", "", text);
      button.type = "button";
      button.addEventListener("click", () => {
        this.dialog.close();
        if (values) this.act("end", values);
      });
      return button;
    });
    this.dialog.replaceChildren(title, element("p", "class-large-buttons", ...buttons));
    this.dialog.showModal();
  }
}
