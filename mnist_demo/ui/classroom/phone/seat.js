// A seat in the class: how a phone comes to it, back to it after whatever has happened, and away from it.

function codeOf(address) {
  var found = /\/c\/([^/]+)\/?$/.exec(address);
  return found ? found[1].toUpperCase() : "";
}

Phone.prototype.enter = function (code) {
  if (!code) return;
  try {
    history.replaceState(null, "", BASE + "/c/" + encodeURIComponent(code) + location.hash);
  } catch (error) { /* the address stays as it was, the class is entered all the same */ }
  new Memory(code).keep({ out: "" });
  this.open(code);
};

Phone.prototype.open = function (code) {
  this.startTurn();
  this.code = code;
  this.state = this.own = this.memory = null;
  say("code", code);
  show("about", true);
  if (!code) {
    this.askForCode("");
    return;
  }
  show("enter", false);
  this.memory = new Memory(code);
  this.sending = new Sending(this.memory, encodeURIComponent(code), this.heard.bind(this));
  if (this.memory.kept.out) this.leave(this.memory.kept.out);
  else this.join();
};

// What was asked before is heard no more.
Phone.prototype.startTurn = function () {
  clearTimeout(this.timer);
  this.turn = {};
  this.isAsking = false;
};

Phone.prototype.askForCode = function (problem) {
  say("task", words.enter_code);
  say("problem", problem);
  show("enter", true);
  this.hideAll();
};

Phone.prototype.hideAll = function () {
  ["hint", "drawing", "question", "send", "change", "another", "result", "badge"].forEach(function (id) { show(id, false); });
  say("status", "");
};

Phone.prototype.ask = function (method, path, body, done) {
  var phone = this;
  var turn = this.turn;
  ask(method, encodeURIComponent(this.code) + path, body, function (status, answer) {
    if (turn === phone.turn) done.call(phone, status, answer);
  });
};

// A token that is kept brings the seat back, whatever has happened to the page or to the server.
Phone.prototype.join = function () {
  var token = this.memory.kept.token;
  this.ask("POST", "/join", token ? { token: token } : {}, function (status, answer) {
    if (status === 200 || status === 201) {
      this.memory.keep({ token: answer.token, seat: answer, out: "" });
      this.wear(answer);
      say("problem", "");
      this.sending.go();
      this.draw();
      this.poll();
    } else if (status === 410) {
      this.end(answer.error || words.ended_why);
    } else if (status === 404 && !token) {
      this.memory.forget();
      this.askForCode(answer.error || words.no_class);
    } else if (status === 0 || status >= 500) {
      this.lose();
      this.later(this.join, 2 * POLL_MILLISECONDS);
    } else {
      if (status === 404) this.memory.dropToken();
      this.leave(answer.error || words.refused);
    }
  });
};

Phone.prototype.later = function (act, milliseconds) {
  clearTimeout(this.timer);
  this.timer = setTimeout(act.bind(this), milliseconds);
};

Phone.prototype.wear = function (seat) {
  say("symbol", seat.symbol);
  say("name", inWords(seat.name));
  document.documentElement.style.setProperty("--seat", seat.color);
  show("badge", true);
};

// Taken out or blocked: says so, and joins again only if somebody wants to.
Phone.prototype.leave = function (sentence) {
  this.startTurn();
  this.hideAll();
  this.memory.keep({ out: sentence });
  say("task", words.out);
  say("problem", sentence);
  part("typed").value = this.code;
  show("enter", true);
};

Phone.prototype.end = function (sentence) {
  this.startTurn();
  this.memory.forget();
  this.state = this.memory = null;
  this.hideAll();
  say("code", "");
  show("about", false);
  say("task", words.ended);
  say("problem", "");
  say("status", sentence);
};

Phone.prototype.lose = function () {
  this.isLost = true;
  if (!this.state) say("task", words.connecting);
  this.tell();
};

Phone.prototype.nextPerson = function () {
  this.memory.keep({ token: "", seat: null, sent: 0, work: null });
  this.own = null;
  this.startTurn();
  this.pen.put([]);
  this.join();
};
