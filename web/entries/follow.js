// For the page around the frames: gives each the height that its map asks for. A message counts only if it
// comes from such a frame's own window and is a sane number; without this script the frames keep a fixed ratio.
(function () {
  if (window.geotrackFollow) return;
  window.geotrackFollow = true;
  window.addEventListener("message", function (event) {
    var data = event.data;
    if (!data || typeof data.geotrack !== "string" || !(data.height >= 100 && data.height <= 10000)) return;
    /** @type {NodeListOf<HTMLIFrameElement>} */ (document.querySelectorAll("iframe[data-geotrack]")).forEach(function (frame) {
      if (frame.contentWindow !== event.source) return;
      frame.style.aspectRatio = "auto";
      frame.style.minHeight = "0";
      frame.style.height = Math.ceil(data.height) + "px";
    });
  });
})();
