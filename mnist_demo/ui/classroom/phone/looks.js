// What a phone shows, for each state of the class.

Phone.prototype.draw = function () {
  var state = this.state;
  if (!state) return;
  var sent = this.isSent();
  var waits = this.sending.waitsFor(this.memory.kept.token, state.round);
  var asks = state.kind === "question";
  var hasRound = state.state !== "lobby" && Boolean(state.kind);
  var open = state.state === "open" && !state.paused;
  var work = this.work();
  var busy = open && ((!sent && !waits) || Boolean(work.unsent));
  this.pen.active = busy;
  say("task", this.task(state));
  say("hint", state.paused ? words.paused_why : "");
  show("hint", state.paused);
  show("drawing", hasRound && !asks && (busy || ((sent || waits) && this.isLast(work, waits))));
  part("drawing").className = busy ? (state.kind === "any" ? "any" : "") : "done";
  show("which", state.kind === "any");
  show("question", hasRound && asks);
  if (asks) this.drawQuestion(state, busy);
  this.press("guess");
  this.press("digit");
  show("send", busy);
  part("send").disabled = !this.isReady(state);
  show("change", open && sent && !busy && !asks);
  show("another", passes && sent && !waits);
  this.drawResult(state);
  this.tell();
};

// Whether a drawing is the one that counts, or will: another tab may have sent a later one.
Phone.prototype.isLast = function (work, waits) {
  if (work.unsent || !work.sequence) return false;
  return waits || !this.own || this.own.round !== work.round || this.own.sequence === work.sequence;
};

Phone.prototype.task = function (state) {
  if (state.paused) return words.paused;
  if (state.state === "lobby" || !state.kind) return words.lobby;
  if (state.state === "training") return words.training;
  if (state.kind === "question") return inWords(state.question.text);
  if (state.kind === "any") return words.draw_any;
  return fill(words.draw_digit, { digit: state.digit });
};

Phone.prototype.drawQuestion = function (state, busy) {
  var question = state.question;
  var key = state.round + "/" + question.id;
  if (this.asked !== key) {
    this.asked = key;
    part("choices").textContent = "";
    for (var i = 0; i < question.choices.length; i++) this.addChoice("choices", "choice", i, inWords(question.choices[i]));
  }
  this.press("choice");
  [].forEach.call(document.querySelectorAll("[data-choice]"), function (button) { button.disabled = !busy; });
};

Phone.prototype.press = function (name) {
  var chosen = String(this.work()[name]);
  [].forEach.call(document.querySelectorAll("[data-" + name + "]"), function (button) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-" + name) === chosen));
  });
};

Phone.prototype.isReady = function (state) {
  var work = this.work();
  if (state.kind === "question") return work.choice !== undefined;
  var said = state.kind !== "any" || work.digit !== undefined;
  return work.strokes.length > 0 && Boolean(work.guess) && said;
};

Phone.prototype.drawResult = function (state) {
  var own = this.own;
  var read = state.state !== "lobby" && Boolean(own) && own.round === state.round && own.verdict;
  var answer = state.kind === "question" && state.question.answer;
  var known = state.state !== "lobby" && typeof answer === "number";
  show("result", Boolean(read) || known);
  if (known) {
    say("read", fill(words.right_choice, { choice: inWords(state.question.choices[answer]) }));
    say("verdict", "");
    say("guessed", "");
  } else if (read) {
    var unsure = own.verdict === "unsure";
    say("read", fill(unsure ? words.read_unsure : words.read, { digit: own.read, probability: percent(own.probability) }));
    say("verdict", words["verdict_" + own.verdict]);
    say("guessed", own.guess_right === null || own.guess_right === undefined ? "" : own.guess_right ? words.guess_right : words.guess_wrong);
  }
  say("counted", read && !own.counts ? words.not_counted : "");
};

var OVER = ["closed", "revealed", "compared"];

// One line on what has become of what was done here.
Phone.prototype.tell = function () {
  var state = this.state;
  if (!state) {
    say("status", this.isLost ? words.lost : "");
    return;
  }
  var line = "";
  if (this.sending.waitsFor(this.memory.kept.token, state.round)) line = words.waits;
  else if (this.isLost) line = words.lost;
  else if (state.state === "open" && this.isSent() && !this.work().unsent) line = words.sent;
  else if (OVER.indexOf(state.state) >= 0 && !this.isSent()) line = words.closed_unsent;
  else if (state.state === "closed") line = words.closed;
  else if (state.state === "open" && !state.paused) line = this.missing(state);
  say("status", line);
};

Phone.prototype.missing = function (state) {
  var work = this.work();
  if (state.kind === "question") return work.choice === undefined ? words.missing_choice : "";
  if (!work.strokes.length) return "";
  if (state.kind === "any" && work.digit === undefined) return words.missing_digit;
  return work.guess ? "" : words.missing_guess;
};
