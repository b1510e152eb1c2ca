// Asks about the ink while the pen is down, and then until the finished stroke has its answer.

const NEXT_ANSWER_MILLISECONDS = 40;
const SETTLED_MILLISECONDS = 250; // after which the canvas has drawn a finished stroke anew

class PenFollower {
  constructor(stage) {
    this.stage = stage;
    this.lastInk = null; // that was answered
    this.tokenBefore = null; // what the page calls the drawing before the stroke; null once it has heard of that
  }

  // What the page says of a drawing: whether that is the drawing of before the stroke.
  isAheadOf(drawing) {
    return this.isDown || this.tokenBefore === drawing;
  }

  // The page has heard of the stroke, or has changed the drawing itself: undone, cleared, or a sample.
  meet(isMoved) {
    if (this.tokenBefore === null && isMoved) {
      this.lastInk = null;
      this.stage.veil.fall();
    }
    this.tokenBefore = null;
  }

  press(event) {
    const { data, ink } = this.stage;
    if (!data || !ink.isHit(event) || this.isDown) return;
    this.isDown = true;
    this.stage.veil.fall();
    this.stage.hush();
    this.follow();
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.tokenBefore = this.stage.data.drawing; // also if the server heard of one meanwhile
    this.settledAt = performance.now() + SETTLED_MILLISECONDS;
  }

  async follow() {
    this.settledAt = performance.now() + SETTLED_MILLISECONDS;
    if (this.isFollowing) return;
    this.isFollowing = true;
    while (!this.stage.isGone) {
      await nextFrame();
      await this.stage.questions.asking;
      const isOver = !this.isDown && performance.now() > this.settledAt;
      const ink = this.stage.ink.read();
      const isNews = ink && !isSame(ink, this.lastInk);
      const isRefused = isNews && !await this.answer(ink);
      if (isOver && (!isNews || isRefused)) break;
    }
    this.isFollowing = false;
    this.stage.speak();
  }

  // False when the server will not answer this.
  async answer(ink) {
    const started = performance.now();
    try {
      const answer = await this.stage.ask(ink);
      this.lastInk = ink;
      this.stage.show(answer);
    } catch (error) {
      await this.stage.excuse(error);
      if (error.isRefusal) return false;
    }
    await sleep(NEXT_ANSWER_MILLISECONDS - (performance.now() - started));
    return true;
  }
}
