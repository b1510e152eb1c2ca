// The pen: strokes of points [x, y, milliseconds], in the 280 pixels that the server draws them in.

var SIDE = 280;
var PEN = 18;
var NEAR = 1.5; // closer points say nothing new
var MAX_STROKES = 40;
var MAX_POINTS = 3500;

function Pen(canvas, changed) {
  this.canvas = canvas;
  this.context = canvas.getContext("2d");
  this.context.scale(canvas.width / SIDE, canvas.height / SIDE);
  this.changed = changed;
  this.strokes = [];
  this.active = true;
  this.finger = null;
  this.begun = Date.now();
  this.listen();
}

Pen.prototype.listen = function () {
  var pen = this;
  var canvas = this.canvas;
  function on(target, name, act) {
    target.addEventListener(name, act, { passive: false }); // old browsers: capture
  }
  function first(event) {
    for (var i = 0; i < event.changedTouches.length; i++) {
      var touch = event.changedTouches[i];
      if (pen.finger === null || touch.identifier === pen.finger) return touch;
    }
    return null;
  }
  // A stroke is no gesture: browsers that took its end for a swipe would swallow the next tap on a button.
  on(canvas, "touchstart", function (event) { event.preventDefault(); });
  if (window.PointerEvent) {
    on(canvas, "pointerdown", function (event) {
      if (pen.finger !== null || event.button > 0) return;
      pen.down(event, event.pointerId);
      if (canvas.setPointerCapture) canvas.setPointerCapture(event.pointerId);
    });
    on(canvas, "pointermove", function (event) {
      if (event.pointerId === pen.finger) pen.move(event);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      on(canvas, name, function (event) {
        if (event.pointerId === pen.finger) pen.up();
      });
    });
    return;
  }
  on(canvas, "touchstart", function (event) {
    var touch = pen.finger === null && first(event);
    if (touch) pen.down(touch, touch.identifier);
  });
  on(canvas, "touchmove", function (event) {
    event.preventDefault();
    var touch = first(event);
    if (touch && pen.finger !== null) pen.move(touch);
  });
  ["touchend", "touchcancel"].forEach(function (name) {
    on(canvas, name, function (event) {
      if (pen.finger !== null && first(event)) pen.up();
    });
  });
};

Pen.prototype.place = function (event) {
  var box = this.canvas.getBoundingClientRect();
  var border = this.canvas.clientLeft;
  function within(value) {
    return Math.round(10 * Math.max(0, Math.min(SIDE, value))) / 10;
  }
  var x = ((event.clientX - box.left - border) * SIDE) / this.canvas.clientWidth;
  var y = ((event.clientY - box.top - border) * SIDE) / this.canvas.clientHeight;
  return [within(x), within(y), Math.max(0, Date.now() - this.begun)];
};

Pen.prototype.points = function () {
  return this.strokes.reduce(function (sum, stroke) { return sum + stroke.length; }, 0);
};

Pen.prototype.down = function (event, finger) {
  if (!this.active || this.strokes.length >= MAX_STROKES || this.points() >= MAX_POINTS) return;
  if (!this.strokes.length) this.begun = Date.now();
  this.finger = finger;
  this.strokes.push([this.place(event)]);
  this.paint();
};

Pen.prototype.move = function (event) {
  var stroke = this.strokes[this.strokes.length - 1];
  var last = stroke[stroke.length - 1];
  var point = this.place(event);
  var far = Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) >= NEAR;
  if (!far || this.points() >= MAX_POINTS) return;
  stroke.push(point);
  this.paint();
};

Pen.prototype.up = function () {
  this.finger = null;
  this.changed();
};

Pen.prototype.put = function (strokes) {
  this.strokes = strokes || [];
  this.finger = null;
  this.paint();
};

Pen.prototype.undo = function () {
  this.put(this.strokes.slice(0, -1));
  this.changed();
};

Pen.prototype.paint = function () {
  var context = this.context;
  context.fillStyle = "#000";
  context.fillRect(0, 0, SIDE, SIDE);
  context.strokeStyle = "#fff";
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  this.strokes.forEach(function (stroke) {
    context.beginPath();
    context.moveTo(stroke[0][0], stroke[0][1]);
    context.lineTo(stroke[0][0] + 0.01, stroke[0][1]); // a dot, of which some browsers draw nothing
    stroke.forEach(function (point) { context.lineTo(point[0], point[1]); });
    context.stroke();
  });
};
