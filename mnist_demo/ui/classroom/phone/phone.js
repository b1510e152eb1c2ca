// A phone in the class: what is pressed and drawn on it.

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
  press("change", function () { this.choose("unsent", true); });
  press("another", this.nextPerson);
  part("enter").addEventListener("submit", function (event) {
    event.preventDefault();
    phone.enter(part("typed").value.toUpperCase().replace(/[^A-Z0-9]/g, "")); // codes have no other signs
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
  window.addEventListener("storage", function () { phone.draw(); }); // another tab has sent something
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
  work.unsent = true;
  this.memory.keep({ work: work });
  this.draw();
};

// What is being done in the round of now; of another round it begins anew.
Phone.prototype.work = function () {
  var round = this.state ? this.state.round : 0;
  var work = this.memory.kept.work;
  return work && work.round === round ? work : { round: round, strokes: [] };
};

new Phone();
