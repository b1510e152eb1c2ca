// Shows a network in training again and again as it is at that moment, with its answer to the drawing or, while there
// is none, to one sample after the other.

const NEXT_PICTURE_MILLISECONDS = 90;
const SAMPLE_MILLISECONDS = 1200;

class TrainingFollower {
  constructor(stage) {
    this.stage = stage;
    this.inSight = true;
    this.sight = new IntersectionObserver((changes) => {
      this.inSight = changes.at(-1).isIntersecting;
      this.follow();
    });
    this.sight.observe(stage.root);
  }

  startTurn() {
    this.asked = null; // what was answered last
    this.samplesSince = performance.now();
  }

  get isWatching() {
    return this.stage.data?.live && this.inSight && !document.hidden && !this.stage.isGone;
  }

  async follow() {
    if (this.isLooking || !this.isWatching) return;
    this.isLooking = true;
    while (this.isWatching) {
      const started = performance.now();
      try {
        if (!this.stage.pen.isFollowing) await this.answer();
      } catch (error) {
        this.asked = null;
        await this.stage.excuse(error);
      }
      await sleep(NEXT_PICTURE_MILLISECONDS - (performance.now() - started));
    }
    this.isLooking = false;
  }

  async answer() {
    const { stage } = this;
    const ink = stage.ink.read();
    const last = this.asked ?? { ink: null, sample: "" };
    let sample = "";
    let answer = null;
    if (ink?.some((value) => value > FAINT)) {
      const again = !last.sample && isSame(ink, last.ink);
      answer = await stage.ask(ink, { again });
      if (!answer && again) return;
    }
    if (!answer) { // nothing is drawn, or a speck
      sample = String(Math.floor((performance.now() - this.samplesSince) / SAMPLE_MILLISECONDS) % 10);
      answer = await stage.ask(ink, { sample, again: sample === last.sample });
    }
    if (!answer || stage.pen.isFollowing || !stage.data.live) return;
    this.asked = { ink, sample };
    stage.hush(); // several answers a second: the outcome is heard
    stage.show(answer, sample);
  }

  close() {
    this.sight.disconnect();
  }
}
