// A round: asks once a second how it is, and sends what was drawn or chosen.

var POLL_MILLISECONDS = 1000;
var OWN_MILLISECONDS = 4000;

Phone.prototype.poll = function () {
  if (this.isAsking || !this.memory || !this.memory.kept.token) return;
  this.isAsking = true;
  var known = this.state && !this.isLost ? "?known=" + this.state.version : "";
  this.ask("GET", "/state" + known, null, function (status, answer) {
    this.isAsking = false;
    this.later(this.poll, POLL_MILLISECONDS);
    if (status === 200) this.take(answer);
    else if (status === 404) this.end(answer.error || words.no_class);
    else if (status !== 204) this.lose();
    if (status === 200 || status === 204) this.reach();
  });
};

Phone.prototype.reach = function () {
  if (!this.memory) return; // the class has just ended
  var wasLost = this.isLost;
  this.isLost = false;
  this.sending.go();
  if (Date.now() - (this.ownAt || 0) > OWN_MILLISECONDS) this.askOwn();
  if (wasLost) this.tell();
};

Phone.prototype.take = function (state) {
  var before = this.state;
  this.state = state;
  if (state.state === "ended") {
    this.end(words.ended_why);
    return;
  }
  if (!before || before.round !== state.round) {
    this.pen.put(this.work().strokes);
  }
  if (!before || before.round !== state.round || before.state !== state.state) {
    say("problem", ""); // it was one of a moment ago
    this.own = before && before.round === state.round ? this.own : null;
    this.ownAt = 0;
  }
  this.draw();
};

Phone.prototype.askOwn = function () {
  this.ownAt = Date.now();
  this.ask("GET", "/own?token=" + encodeURIComponent(this.memory.kept.token), null, function (status, answer) {
    if (status === 200) {
      this.own = answer;
      this.draw();
    } else if (status === 404 || status === 403) {
      if (status === 404) this.memory.dropToken();
      this.leave(answer.error || words.refused);
    }
  });
};

Phone.prototype.send = function () {
  var work = this.work();
  var token = this.memory.kept.token;
  var body = { token: token, round: work.round };
  if (this.state.kind === "question") {
    body.choice = work.choice;
    this.sending.add("votes", body);
  } else {
    body.strokes = work.strokes;
    body.guess = work.guess;
    if (this.state.kind === "any") body.digit = work.digit;
    this.sending.add("drawings", body);
  }
  work.unsent = false;
  work.sequence = body.sequence;
  this.memory.keep({ work: work });
  say("problem", "");
  this.draw();
};

// What became of something that was sent, perhaps long ago.
Phone.prototype.heard = function (item, status, answer) {
  if (!this.memory || item.body.token !== this.memory.kept.token) return;
  if (status === 200 || status === 201) {
    this.memory.keep({ sent: item.body.round });
    this.own = null;
    this.askOwn();
  } else if (status === 404 || status === 403) {
    this.ownAt = 0;
  } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    say("problem", answer.error || words.refused);
  }
  this.draw();
};

Phone.prototype.isSent = function () {
  var round = this.state.round;
  if (this.own && this.own.round === round) return this.own.sent;
  return this.memory.kept.sent === round;
};
