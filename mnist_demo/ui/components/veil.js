// Hides what a network says until somebody asks for it, so that a class can commit to an answer first. Each new
// drawing, and each stroke, is hidden anew; the browser remembers that answers are to be hidden.

const VEIL_NAME = "mnist-demo-veil";
const EYE = `<svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2"
  aria-hidden="true"><path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7z"/><circle cx="12" cy="12" r="3"/>
  <path class="veil-stroke" d="M4 3l16 18"/></svg>`;
const VEIL_KEY = "v"; // to view, ver; Streamlit has taken the R

class Veil {
  constructor(stage) {
    this.stage = stage;
    this.isOn = remembered(VEIL_NAME) === "on";
    this.isLifted = false;
    this.button = stage.part("veil-switch");
    this.button.innerHTML = EYE;
    this.button.addEventListener("click", () => this.set(!this.isOn));
    this.reveal = stage.part("veil-reveal");
    this.reveal.addEventListener("click", () => this.lift(true));
    document.addEventListener("keydown", (event) => this.press(event), { signal: stage.gone.signal });
  }

  // Only where one draws: elsewhere the picture is of an image that the page gives, and says so.
  label({ canvas, words }) {
    this.words = words;
    this.button.hidden = !canvas;
    this.button.title = words.veil_help;
    this.button.setAttribute("aria-label", words.veil);
    write(this.reveal, words.reveal);
  }

  get hides() {
    return this.isOn && !this.isLifted && !this.button.hidden;
  }

  set(isOn) {
    this.isOn = isOn;
    remember(VEIL_NAME, isOn ? "on" : "");
    this.lift(false);
  }

  lift(isLifted) {
    this.isLifted = isLifted;
    this.stage.present();
  }

  // Over what is new.
  fall() {
    if (this.isLifted) this.lift(false);
  }

  press(event) {
    if (pageKey(event) !== VEIL_KEY) return;
    if (this.isOn) this.lift(!this.isLifted);
    else if (!this.button.hidden) this.set(true);
  }

  // What is shown of an answer: all of it, or the way through the hidden layers only.
  cover(answer) {
    document.documentElement.classList.toggle("answer-hidden", this.hides && Boolean(answer));
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.reveal.hidden = !this.hides || !answer;
    this.stage.part("answer").classList.toggle("veiled", !this.reveal.hidden);
    if (!this.hides || !answer) return answer;
    const covered = {
      ...answer,
      ...{ sign: "?", digit: null, sentence: this.words.veiled, path: this.words.veiled },
      probabilities: answer.probabilities.map(() => 0),
      shares: answer.shares.map(() => ""),
      links: answer.links.filter(([layer]) => layer < answer.activations.length),
    };
    if (!this.stage.network?.is_direct) return covered;
    const unlit = answer.activations.map((lights) => lights.replace(/[^=]/g, "A")); // bytes of 0: these are the answer
    return { ...covered, activations: unlit };
  }

  close() {
    document.documentElement.classList.remove("answer-hidden");
  }
}
