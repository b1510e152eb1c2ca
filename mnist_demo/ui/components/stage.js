// The stage: a network and its answer, which follow the pen over plain HTTP while it moves, and a network in training
// while it learns. What the page itself says of a drawing is shown too; both come from the same functions. On a page
// without a canvas it is the picture of an `image` that the page gives.

const RETRY_MILLISECONDS = 1000;
const REDRAWN_TRIES = 15; // until the canvas shows what the page says it does
const REDRAWN_MILLISECONDS = 90;
const stages = new WeakMap();
const LONG_SENTENCE = 56; // letters, from which on it is written smaller, to keep its place above the bars

class Stage {
  constructor(place, { colours }) {
    this.root = place.querySelector(".stage");
    this.part = (name) => this.root.querySelector(`.${name}`);
    this.picture = new NetworkPicture(this.root.querySelector(".stage-picture > canvas"), colours);
    this.bars = new Bars(this.part("stage-bars"));
    this.closeUp = new CloseUp(this.part("close-up"), this.picture.colours);
    this.keys = new NeuronKeys(this.picture, { redraw: () => this.draw(), choose: (neuron) => this.choose(neuron) });
    this.questions = new Questions();
    this.ink = new Ink();
    this.pen = new PenFollower(this);
    this.training = new TrainingFollower(this);
    this.gone = new AbortController();
    this.veil = new Veil(this);
    this.listen();
  }

  listen() {
    const options = { capture: true, passive: true, signal: this.gone.signal };
    const on = (target, names, act) => names.forEach((name) => target.addEventListener(name, act, options));
    on(document, ["mousedown"], (event) => this.pen.press(event)); // a touch that draws comes as a mouse, see palm.js
    on(window, ["mouseup"], () => this.pen.lift());
    on(document, ["visibilitychange"], () => this.training.follow());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.picture.canvas);
    this.picture.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      this.choose(this.picture.find(offsetX, offsetY));
    });
  }

  // What the page says. After a stroke the page may run for another reason before the server has heard of the stroke:
  // what it says then is of the drawing before.
  update(data) {
    const before = this.data;
    const isOther = ["run", "epoch", "language", "live"].some((name) => before?.[name] !== data[name]);
    const isMoved = before?.drawing !== data.drawing;
    this.data = data;
    this.ink.key = data.canvas;
    this.image = data.image ? unpack(data.image, Uint8Array) : null;
    this.label();
    if (isOther) this.startTurn(before);
    if (this.pen.isAheadOf(data.drawing)) {
      if (isOther) this.pen.follow(); // to ask this network what the page cannot say yet
    } else {
      this.pen.meet(isMoved);
      this.showPage(isOther, isMoved);
    }
    if (!data.live && !this.pen.isDown && !this.pen.isFollowing) this.speak();
    this.training.follow();
  }

  startTurn(before) {
    this.questions.startTurn(this.data);
    if (before?.run !== this.data.run) this.closeUp.close();
    this.network = null;
    this.pen.lastInk = this.said = null;
    this.training.startTurn();
    if (!this.data.live) this.fetchNetwork();
  }

  // A network in training answers for itself; but what was wiped is gone at once.
  showPage(isOther, isMoved) {
    const { live, answer } = this.data;
    if (live && !isOther && this.answer && (answer || !isMoved)) return;
    const said = JSON.stringify(answer);
    if (said === this.said) return;
    this.show(answer);
    this.said = said;
  }

  label() {
    write(this.root.querySelector(".invitation b"), this.data.words.invitation);
    this.closeUp.label(this.data.words);
    this.veil.label(this.data);
    this.labelPicture();
  }

  // Several answers a second: who listens hears the last one only.
  hush() {
    this.part("answer-words").setAttribute("aria-live", "off");
  }

  // What was written unheard is written again, to be heard.
  speak() {
    const words = this.part("answer-words");
    if (words.getAttribute("aria-live") !== "off") return;
    words.setAttribute("aria-live", "polite");
    words.replaceChildren(words.textContent);
  }

  // At once, and not with the next frame: what is heard of an answer comes with its words.
  labelPicture() {
    this.picture.canvas.setAttribute("aria-label", this.shown?.path ?? this.data.words.picture_label);
  }

  get isGone() {
    return this.gone.signal.aborted;
  }

  get subject() {
    return this.image ?? this.ink.read();
  }

  async ask(ink, { sample = "", again = false } = {}) {
    const reply = await this.questions.askAnswer(ink, sample, () => {
      const known = this.data.live ? this.network?.version ?? "none" : "";
      return { neuron: this.closeUp.chosen, known, again: again && 1 };
    });
    if (reply?.network) this.takeNetwork(reply.network);
    return reply && this.image ? { ...this.answer, neuron: reply.neuron } : reply; // the page knows more of an image
  }

  takeNetwork(network) {
    this.network = network;
    this.picture.setNetwork(network, this.data.words);
    if (this.veil.hides) this.veil.dress(); // how much of the picture tells the answer depends on the network
    this.keys.setNetwork(network, this.data.words);
    write(this.part("stage-epoch"), network.caption);
    this.root.dataset.version = network.version;
    if (this.closeUp.chosen && !this.closeUp.fits(network)) this.closeUp.close();
    this.draw();
  }

  async fetchNetwork() {
    const { turn } = this.questions;
    if (this.fetching === turn) return;
    this.fetching = turn;
    while (!turn.signal.aborted) {
      try {
        this.takeNetwork(await this.questions.askNetwork());
        break;
      } catch (error) {
        await this.excuse(error);
      }
    }
    if (this.fetching === turn) this.fetching = null;
  }

  async excuse(error) {
    if (error.name === "AbortError") return;
    console.info("The network will be asked for again:", error.message);
    await sleep(RETRY_MILLISECONDS);
  }

  show(answer, sample = "") {
    this.answer = answer;
    this.sample = sample;
    this.said = null;
    this.present();
    this.root.dataset.answers = Number(this.root.dataset.answers ?? 0) + 1;
    if (answer && this.network && answer.version !== this.network.version && !this.data.live) this.fetchNetwork();
  }

  // Writes and draws what may be seen of the answer.
  present() {
    this.veil.dress();
    const { shown } = this;
    this.part("invitation").hidden = Boolean(shown);
    this.part("answer").hidden = !shown;
    write(this.part("answer-digit"), shown?.sign ?? "");
    if (shown) write(this.part("answer-words"), shown.sentence);
    this.part("answer-words").classList.toggle("long", (shown?.sentence.length ?? 0) > LONG_SENTENCE);
    this.bars.show(shown, this.data.words.bars);
    this.showNeuron(this.veil.hidesNeurons ? null : this.answer);
    this.labelPicture();
    this.draw();
  }

  // Once a frame, whatever changes in it.
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.network && this.data) this.paint();
    });
  }

  paint() {
    const box = this.picture.canvas.getBoundingClientRect();
    const isBeside = this.part("stage-answer").getBoundingClientRect().left >= box.right - 1;
    this.picture.draw(isBeside ? this.bars.middles().map((middle) => middle - box.top) : null, this.data.words);
    if (this.picture.places) this.keys.place();
    this.root.dataset.pictures = Number(this.root.dataset.pictures ?? 0) + 1;
  }

  async choose(neuron) {
    if (!neuron || !this.answer || this.veil.hidesNeurons) return;
    this.closeUp.choose(neuron);
    try {
      const { sample } = this;
      const answer = await this.ask(this.subject, { sample });
      if (!answer) this.closeUp.chosen = ""; // the canvas has just been wiped
      this.show(answer, sample);
      if (answer?.neuron) this.closeUp.focus();
    } catch (error) {
      this.closeUp.close();
      this.excuse(error);
    }
  }

  showNeuron(answer) {
    const neuron = this.closeUp.chosen && answer?.neuron;
    if (this.closeUp.chosen && answer && !neuron) this.completeNeuron(answer);
    else this.closeUp.show(neuron);
  }

  // The page's own answer knows of no close-up, and the canvas may still have to draw what it is an answer to.
  async completeNeuron(answer) {
    const isWanted = () => this.answer === answer && this.closeUp.chosen && !this.isGone;
    let asked = null;
    for (let tries = 0; tries < REDRAWN_TRIES && isWanted(); tries++) {
      const ink = this.subject;
      const reply = ink && !isSame(ink, asked) ? await this.ask(ink).catch(() => null) : null;
      asked = ink;
      if (reply?.neuron && reply.frame === answer.frame && isWanted()) {
        this.show(reply);
        this.said = JSON.stringify(answer);
        return;
      }
      await sleep(REDRAWN_MILLISECONDS);
    }
    if (isWanted()) this.closeUp.close();
  }

  close() {
    this.gone.abort();
    this.veil.close();
    this.questions.close();
    this.training.close();
    this.sizes.disconnect();
  }
}

export default function ({ data, parentElement }) {
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement, data));
  const stage = stages.get(parentElement);
  return showLatest(parentElement, () => stage.update(data), () => {
    stage.close();
    stages.delete(parentElement);
  });
}
