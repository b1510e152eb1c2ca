// How a teacher leads the class: one button for the next step, others for what may come between, and their keys.

const NEXT_STEPS = { lobby: "open", open: "close", closed: "reveal", revealed: "next", compared: "next" };
const KEYS = { n: "step", z: "pause", b: "blank", u: "undo" };

class Leading {
  constructor(bar, form, ending, act, signal) {
    Object.assign(this, { bar, form, ending, act });
    this.task = { kind: "digit", digit: 3 };
    this.build();
    document.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  build() {
    this.buttons = {};
    for (const name of ["step", "pause", "blank", "undo", "redo", "train", "lock", "end"]) {
      const button = element("button", `class-${name}`);
      button.type = "button";
      button.addEventListener("click", () => this.do(name));
      this.buttons[name] = button;
      this.bar.append(button);
    }
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  show(wall, words, questions) {
    Object.assign(this, { wall, words });
    const step = NEXT_STEPS[wall.state];
    const labels = {
      step: step ? words[`step_${step}`] : words.step_none,
      pause: wall.paused ? words.resume : words.pause,
      blank: wall.blank ? words.unblank : words.blank,
      undo: words.undo,
      redo: words.redo,
      train: words.train,
      lock: wall.locked ? words.unlock : words.lock,
      end: words.end,
    };
    for (const [name, label] of Object.entries(labels)) this.label(this.buttons[name], name, label);
    this.buttons.step.disabled = !step;
    this.buttons.undo.disabled = !wall.can_undo;
    this.buttons.train.disabled = !["revealed", "compared"].includes(wall.state);
    this.buttons.redo.disabled = wall.state === "lobby" || wall.state === "training";
    this.bar.setAttribute("aria-label", words.leading);
    this.form.hidden = wall.state !== "lobby";
    this.showTasks(questions);
  }

  label(button, name, text) {
    const key = Object.entries(KEYS).find(([, act]) => act === name)?.[0];
    if (button.dataset.label !== text) button.replaceChildren(text, ...(key ? [element("kbd", "", key.toUpperCase())] : []));
    button.dataset.label = text;
    if (key) button.setAttribute("aria-keyshortcuts", key);
  }

  // What can be asked: a digit, any digit, or one of the questions.
  showTasks(questions) {
    const sign = JSON.stringify([questions, this.words]);
    if (this.sign !== sign) {
      this.sign = sign;
      this.buildTasks(questions);
    }
    for (const button of this.form.querySelectorAll("button")) {
      const { kind, digit } = this.task;
      button.setAttribute("aria-pressed", String(button.dataset.task === (kind === "digit" ? String(digit) : kind)));
    }
    const chosen = this.task.kind === "question" ? this.task.question.id : "";
    this.form.querySelector("select").value = chosen;
  }

  buildTasks(questions) {
    const digits = Array.from({ length: 10 }, (_, digit) => this.task_button(String(digit), { kind: "digit", digit }));
    const any = this.task_button("any", { kind: "any" });
    any.textContent = this.words.any_digit;
    const select = element("select", "");
    select.append(new Option(this.words.a_question, ""));
    for (const group of new Set(questions.map((question) => question.group))) {
      const options = element("optgroup", "");
      options.label = group;
      options.append(...questions.filter((one) => one.group === group).map((one) => new Option(inWords(one.text), one.id)));
      select.append(options);
    }
    select.setAttribute("aria-label", this.words.a_question);
    select.addEventListener("change", () => {
      const { group, ...question } = questions.find((one) => one.id === select.value) ?? {};
      this.choose(question.id ? { kind: "question", question } : { kind: "any" });
    });
    const group = element("span", "class-digits", ...digits);
    this.form.replaceChildren(element("b", "", this.words.what_to_draw), group, any, select);
  }

  task_button(name, task) {
    const button = element("button", "", name);
    button.type = "button";
    button.dataset.task = name;
    button.addEventListener("click", () => this.choose(task));
    return button;
  }

  choose(task) {
    this.task = task;
    this.showTasks(JSON.parse(this.sign)[0]);
  }

  do(name) {
    const { wall, words } = this;
    if (name === "step") {
      const command = NEXT_STEPS[wall.state];
      if (command) this.act(command, command === "open" ? this.task : {});
    } else if (name === "pause") this.act(wall.paused ? "resume" : "pause");
    else if (name === "blank") this.act(wall.blank ? "unblank" : "blank");
    else if (name === "lock") this.act(wall.locked ? "unlock" : "lock");
    else if (name === "end") this.ending.ask(words);
    else this.act(name);
  }

  press(event) {
    const key = pageKey(event);
    if (!this.wall || !key || event.target.closest?.("dialog")) return;
    const name = KEYS[key];
    if (name) this.do(name);
    else if (/^[0-9]$/.test(key) && this.wall.state === "lobby") this.choose({ kind: "digit", digit: Number(key) });
  }
}
