// The training panel: shows what the server rendered, then follows the trainer over plain HTTP, so that watching
// costs no script runs. When more than numbers changes (the "page_state_key"), it asks the page to run again.

const FIRST_MILLISECONDS = 150; // until a run shows its first point
const LIVE_MILLISECONDS = 430; // drawing takes from the trainer, where both share a computer
const IDLE_MILLISECONDS = 1000;
const PATIENCE_MILLISECONDS = 5000;
const ASK_AGAIN_MILLISECONDS = 3000;
const LONGEST_STROKE_MILLISECONDS = 5000;
const ANSWER_MILLISECONDS = 500;
const CHARTS = ["loss", "accuracy"];
const panels = new WeakMap();

class Panel {
  constructor(root) {
    this.part = (name) => root.querySelector(`.live-${name}`);
    this.poll = this.poll.bind(this);
    this.sight = new IntersectionObserver(this.look.bind(this));
    for (const name of CHARTS) this.sight.observe(this.part(name));
    this.handIsBusyUntil = 0;
    this.hand = new AbortController();
    const lasts = { pointerdown: LONGEST_STROKE_MILLISECONDS, pointerup: ANSWER_MILLISECONDS,
      pointercancel: 0 }; // a finger that scrolls
    for (const [event, milliseconds] of Object.entries(lasts)) {
      const note = () => { this.handIsBusyUntil = performance.now() + milliseconds; };
      document.addEventListener(event, note, { capture: true, passive: true, signal: this.hand.signal });
    }
  }

  update(data, askForRerun) {
    this.data = data;
    this.askForRerun = askForRerun;
    this.version = data.view.version;
    this.show(data.view);
    this.schedule();
  }

  show(view) {
    this.view = view;
    for (const name of ["worker", "status", "detail", "loss-title", "accuracy-title"]) this.say(name, view[name]);
    this.showLog(view.log);
    this.part("status").dataset.tone = view.tone;
    this.part("status").setAttribute("aria-live", view.live ? "off" : "polite"); // who listens hears the outcome
    this.part("progress").setAttribute("aria-label", view.status);
    this.showProgress(view.progress);
    for (const name of CHARTS) this.part(name).setAttribute("aria-label", view[`${name}_alt`]);
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
    drawFigure(this.part(name), this.view[name], this.data.plotly);
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
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
    part.hidden = !text;
  }

  showLog(lines) {
    const log = this.part("log");
    log.hidden = !lines.length;
    const shown = Array.from(log.children, (line) => line.textContent);
    if (shown.join("\n") === lines.join("\n")) return;
    log.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    log.scrollTop = log.scrollHeight;
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

  async poll() {
    try {
      const url = new URL(this.data.url, document.baseURI);
      url.searchParams.set("known", this.version);
      const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
      if (response.status === 200) this.take(await response.json());
      else this.catchUp();
    } catch (error) {
      console.info("The trainer's state will be asked for again:", error.message); // Streamlit shows a lost server
    }
    this.schedule();
  }

  take(view) {
    if (this.closed) return;
    this.version = view.version;
    if (view.page_state_key === this.data.view.page_state_key) {
      if (view.live) this.show(view);
      else this.say("worker", view.worker);
    } else if (view.page_state_key !== this.askedFor || Date.now() - this.askedAt > ASK_AGAIN_MILLISECONDS) {
      this.askedFor = view.page_state_key;
      this.askedAt = Date.now();
      this.version = -1; // ask again until the page has caught up
      this.askForRerun("page_state_key", view.page_state_key);
    } else {
      this.version = -1;
    }
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.sight.disconnect();
    this.hand.abort();
    for (const name of CHARTS) releaseFigure(this.part(name));
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!panels.has(parentElement)) panels.set(parentElement, new Panel(parentElement));
  const panel = panels.get(parentElement);
  return showLatest(parentElement, () => panel.update(data, setTriggerValue), () => {
    panel.close();
    panels.delete(parentElement);
  });
}
