// The training panel: shows what the server rendered, then follows the trainer over plain HTTP, so that watching
// costs no script runs: it says how many points it has, and gets those that follow. When more than numbers changes
// (the "page_state_key"), it asks the page to run again.

const FIRST_MILLISECONDS = 150; // until a run shows its first point
const LIVE_MILLISECONDS = 600; // drawing takes from the trainer, where both share a computer
const IDLE_MILLISECONDS = 1000;
const PATIENCE_MILLISECONDS = 5000;
const ASK_AGAIN_MILLISECONDS = 3000;
const LONGEST_STROKE_MILLISECONDS = 5000;
const ANSWER_MILLISECONDS = 500;
const CHARTS = ["loss", "accuracy"];
const LIVE_CONFIG = { ...PLOT_CONFIG, responsive: false }; // the panel sees to it, also where no window changes
const SCALE_KEY = "mnistDemoLossScale"; // of what the browser remembers
const panels = new WeakMap();

class Panel {
  constructor(root) {
    this.part = (name) => root.querySelector(`.live-${name}`);
    this.poll = this.poll.bind(this);
    this.sight = new IntersectionObserver(this.look.bind(this));
    this.room = new ResizeObserver(this.fill.bind(this));
    for (const name of CHARTS) this.sight.observe(this.part(name));
    for (const name of CHARTS) this.room.observe(this.part(name));
    this.lossScale = remembered(SCALE_KEY) === "log" ? "log" : "linear";
    this.handIsBusyUntil = 0;
    this.hand = new AbortController();
    const lasts = { pointerdown: LONGEST_STROKE_MILLISECONDS, pointerup: ANSWER_MILLISECONDS,
      pointercancel: 0 }; // a finger that scrolls
    for (const [event, milliseconds] of Object.entries(lasts)) {
      const note = () => { this.handIsBusyUntil = performance.now() + milliseconds; };
      document.addEventListener(event, note, { capture: true, passive: true, signal: this.hand.signal });
    }
    this.part("watch").addEventListener("click", () => this.trigger("watch", Date.now()), { signal: this.hand.signal });
    this.part("scale").addEventListener("click", this.changeScale.bind(this), { signal: this.hand.signal });
    this.part("keras").addEventListener("toggle", this.showLastLine.bind(this), { signal: this.hand.signal });
  }

  update(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    this.question = null; // what was asked before belongs to other points
    for (const name of CHARTS) this.say(`${name}-title`, data.view.charts[name].title);
    this.say("keras-title", data.view.words.keras);
    this.say("scale", data.view.words.scale);
    this.part("scale").setAttribute("aria-label", data.view.words.scale_name);
    const [, training, validation] = data.view.charts.loss.figure.data;
    write(this.part("legend-training"), training.name); // where the charts have no room for one
    write(this.part("legend-validation"), validation.name);
    this.showScale();
    this.show(data.view);
    this.schedule();
  }

  show(view) {
    this.view = view;
    this.version = view.version;
    for (const name of ["worker", "status", "detail"]) this.say(name, view[name]);
    this.showOther(view);
    this.showStrip(view);
    this.showNote(view.note);
    this.showLog(view.log);
    this.part("status").dataset.tone = view.tone;
    this.part("status").setAttribute("aria-live", view.live ? "off" : "polite"); // who listens hears the outcome
    this.part("progress").setAttribute("aria-label", view.status);
    this.showProgress(view.progress);
    for (const name of CHARTS) this.part(name).setAttribute("aria-label", view.charts[name].alt);
    this.isBehind = true;
    this.catchUp();
  }

  // Who draws or drags gets the processor for that; the curves are brought up to date afterwards.
  catchUp() {
    if (!this.isBehind || (this.view.live && performance.now() < this.handIsBusyUntil)) return;
    this.isBehind = false;
    for (const name of CHARTS) {
      if (this.part(name).inSight !== false) this.draw(name);
    }
  }

  draw(name) {
    const node = this.part(name);
    const scale = name === "loss" ? this.lossScale : "linear";
    node.filled = roomOf(node);
    drawFigure(node, fit(node, this.view.charts[name], scale), this.data.plotly, LIVE_CONFIG).then(() => setHome(node));
  }

  fill(changes) {
    for (const { target } of changes) {
      if (this.view && target.inSight !== false && target.filled !== roomOf(target)) {
        this.draw(CHARTS.find((name) => this.part(name) === target));
      }
    }
  }

  changeScale() {
    this.lossScale = this.lossScale === "log" ? "linear" : "log";
    remember(SCALE_KEY, this.lossScale);
    this.showScale();
    this.draw("loss");
  }

  showScale() {
    this.part("scale").setAttribute("aria-pressed", this.lossScale === "log");
  }

  // A chart that is scrolled out of sight waits, and leaves the processor to training and to the pen.
  look(changes) {
    for (const { target, isIntersecting } of changes) {
      const comesBack = target.inSight === false && isIntersecting;
      target.inSight = isIntersecting;
      if (comesBack) this.draw(CHARTS.find((name) => this.part(name) === target));
    }
  }

  say(name, text) {
    write(this.part(name), text);
    this.part(name).hidden = !text;
  }

  // While there is nothing to say, the words that may come keep their room.
  showNote(text) {
    const note = this.part("note");
    write(note, text || this.view.words.note);
    note.toggleAttribute("data-empty", !text);
  }

  showLog(lines) {
    const log = this.part("log");
    const shown = Array.from(log.children, (line) => line.textContent);
    if (shown.join("\n") === lines.join("\n")) return;
    log.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    this.showLastLine();
  }

  showLastLine() {
    const log = this.part("log");
    if (!this.part("keras").open) return; // asking for its height makes the browser lay the page out
    log.scrollTop = log.scrollHeight;
  }

  // Somebody else's training is one line, which leads there.
  showOther({ other, watch }) {
    this.say("other-words", other);
    write(this.part("watch"), watch);
    this.part("other").hidden = !other;
  }

  // On a phone the curves are out of sight while one draws: a strip at the screen's edge tells how training goes on.
  showStrip(view) {
    const strip = this.part("strip");
    strip.hidden = !view.live;
    if (!view.live) return;
    write(this.part("strip-words"), view.status);
    const { x, y } = view.charts.accuracy.figure.data[0];
    const place = (epoch, share) => `${(100 * epoch) / (x.at(-1) || 1)},${30 - 0.3 * share}`;
    this.part("spark").setAttribute("points", x.map((epoch, at) => place(epoch, y[at] ?? 0)).join(" "));
  }

  showProgress(progress) {
    const bar = this.part("progress");
    bar.hidden = progress === null;
    bar.setAttribute("aria-valuenow", Math.round(100 * (progress ?? 0)));
    bar.firstElementChild.style.width = `${100 * (progress ?? 0)}%`;
  }

  schedule() {
    clearTimeout(this.timer);
    if (this.closed) return;
    const begun = this.view.progress > 0;
    const pause = begun ? LIVE_MILLISECONDS : FIRST_MILLISECONDS;
    this.timer = setTimeout(this.poll, this.view.live ? pause : IDLE_MILLISECONDS);
  }

  // An answer is taken only if nothing has come since its question: it holds the points after those of then.
  async poll() {
    const question = this.question = {};
    try {
      const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
      const response = await fetch(this.address(), { cache: "no-store", signal });
      const news = response.status === 200 ? await response.json() : null;
      if (question !== this.question || this.closed) return;
      if (news) this.take(news);
      else this.catchUp();
    } catch (error) {
      console.info("The trainer's state will be asked for again:", error.message); // Streamlit shows a lost server
    }
    this.schedule();
  }

  address() {
    const url = new URL(this.data.url, document.baseURI);
    const [within, ends] = this.view.charts.loss.figure.data;
    const known = { known: this.version, steps: within.x.length, epochs: ends.x.length };
    for (const [name, value] of Object.entries(known)) url.searchParams.set(name, value);
    return url;
  }

  take(news) {
    const key = news.page_state_key;
    if (key === this.data.view.page_state_key) {
      this.version = news.version;
      if (news.live) this.show(extend(this.view, news));
      else {
        this.say("worker", news.worker);
        this.showOther(news);
      }
      return;
    }
    this.version = -1; // ask again until the page has caught up
    if (key === this.askedFor && Date.now() - this.askedAt <= ASK_AGAIN_MILLISECONDS) return;
    this.askedFor = key;
    this.askedAt = Date.now();
    this.trigger("page_state_key", key);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.sight.disconnect();
    this.room.disconnect();
    this.hand.abort();
    for (const name of CHARTS) releaseFigure(this.part(name));
  }
}

// A view with the points, and the lines of the log, that follow those it has.
function extend(view, news) {
  const charts = {};
  for (const name of CHARTS) {
    const { title, alt, figure } = view.charts[name];
    const { points, ranges, marks, alt: newAlt } = news.charts[name];
    const data = figure.data.map((line, number) => ({ ...line, // new arrays: plotly.js compares no points
      x: [...line.x, ...points[number].x], y: [...line.y, ...points[number].y] }));
    charts[name] = { title, ranges, marks, alt: newAlt ?? alt, figure: { ...figure, data } };
  }
  return { ...view, ...news, charts, log: [...view.log, ...news.log] };
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!panels.has(parentElement)) panels.set(parentElement, new Panel(parentElement));
  const panel = panels.get(parentElement);
  return showLatest(parentElement, () => panel.update(data, setTriggerValue), () => {
    panel.close();
    panels.delete(parentElement);
  });
}
