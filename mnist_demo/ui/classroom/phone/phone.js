// A phone in the class: joins, asks once a second how the round is, and shows what there is to do.

var POLL_MILLISECONDS = 1000;
var OWN_MILLISECONDS = 4000;
var words = JSON.parse(document.getElementById("words").textContent);
var language = document.documentElement.lang;
var passes = location.hash === "#pass"; // one device for all, which goes from hand to hand

function part(id) {
  return document.getElementById(id);
}

function say(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

function show(id, visible) {
  part(id).hidden = !visible;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
}

// What stands in several languages, in the phone's.
function inWords(text) {
  return typeof text === "string" ? text : text[language] || text.en;
}

function percent(share) {
  return fill(words.percent, { share: (100 * share).toFixed(0) });
}

function codeOf(address) {
  var found = /\/c\/([^/]+)\/?$/.exec(address);
  return found ? decodeURIComponent(found[1]).toUpperCase() : "";
}

function Phone() {
  this.pen = new Pen(part("canvas"), this.drew.bind(this));
  this.listen();
  if (passes) show("another", false);
  this.open(codeOf(location.pathname));
}

Phone.prototype.listen = function () {
  var phone = this;
  function press(id, act) {
    part(id).addEventListener("click", act.bind(phone));
  }
  press("undo", function () { this.pen.undo(); });
  press("clear", function () { this.pen.put([]); this.drew(); });
  press("send", this.send);
  press("change", function () { this.choose("again", true); });
  press("another", this.nextPerson);
  part("enter").addEventListener("submit", function (event) {
    event.preventDefault();
    phone.enter(part("typed").value.trim().toUpperCase());
  });
  [].forEach.call(document.querySelectorAll("[data-guess]"), function (button) {
    button.addEventListener("click", function () { phone.choose("guess", button.getAttribute("data-guess")); });
  });
  for (var digit = 0; digit < 10; digit++) this.addChoice("digits", "digit", digit, String(digit));
  function wake() {
    if (document.hidden || !phone.memory || phone.memory.kept.out) return;
    phone.sending.go();
    phone.poll();
  }
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
};

Phone.prototype.addChoice = function (place, name, value, text) {
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.setAttribute("data-" + name, value);
  button.addEventListener("click", this.choose.bind(this, name, value));
  part(place).appendChild(button);
};

// Choices of the round, which a reload does not lose either.
Phone.prototype.choose = function (name, value) {
  var work = this.work();
  work[name] = value;
  this.memory.keep({ work: work });
  this.draw();
};

Phone.prototype.drew = function () {
  var work = this.work();
  work.strokes = this.pen.strokes;
  this.memory.keep({ work: work });
  this.draw();
};

// What is being done in the round of now; of another round it begins anew.
Phone.prototype.work = function () {
  var round = this.state ? this.state.round : 0;
  var work = this.memory.kept.work;
  return work && work.round === round ? work : { round: round, strokes: [] };
};

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
    } else if (status === 404 && !token) {
      this.askForCode(answer.error || words.no_class);
    } else if (status === 0 || status >= 500) {
      this.lose();
      this.later(this.join, 2 * POLL_MILLISECONDS);
    } else {
      if (status === 404) this.memory.keep({ token: "" });
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
  say("task", words.ended);
  say("problem", "");
  say("status", sentence);
};

Phone.prototype.lose = function () {
  this.isLost = true;
  if (!this.state) say("task", words.connecting);
  this.tell();
};

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
    say("problem", "");
  }
  if (!before || before.round !== state.round || before.state !== state.state) {
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
      if (status === 404) this.memory.keep({ token: "" });
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
  work.again = false;
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
  } else if (status >= 400 && status < 500 && status !== 429) {
    say("problem", answer.error || words.refused);
  }
  this.draw();
};

Phone.prototype.isSent = function () {
  var round = this.state.round;
  if (this.own && this.own.round === round) return this.own.sent;
  return this.memory.kept.sent === round;
};

Phone.prototype.nextPerson = function () {
  this.memory.keep({ token: "", seat: null, sent: 0, work: null });
  this.own = null;
  this.startTurn();
  this.pen.put([]);
  this.join();
};

new Phone();
