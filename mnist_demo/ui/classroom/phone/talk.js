// Asks the server, as the oldest browsers can.

var BASE = location.pathname.replace(/\/c(\/[^/]*)?\/?$/, "");
var PATIENCE_MILLISECONDS = 8000;

// Calls done(status, answer); the status is 0 where nobody answered.
function ask(method, path, body, done) {
  var request = new XMLHttpRequest();
  request.open(method, BASE + "/mnist-demo/class/" + path);
  request.timeout = PATIENCE_MILLISECONDS;
  if (body) request.setRequestHeader("Content-Type", "application/json");
  request.onloadend = function () {
    var answer = {};
    try {
      answer = JSON.parse(request.responseText) || {};
    } catch (error) { /* no answer of ours: the status says what there is to say */ }
    done(request.status, answer);
  };
  request.send(body ? JSON.stringify(body) : null);
}
