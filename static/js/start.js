// Scripts come after the first paint: on a slow line they would share the wire with the
// style sheets.  Until then every form and link works as plain HTML.  In this order, and
// htmx last, so that whoever listens to it is there.

let isParsed = false;
document.addEventListener("DOMContentLoaded", () => (isParsed = true), { once: true });

function start() {
  let script;
  for (const { content, dataset } of document.querySelectorAll('meta[name="script"]')) {
    script = document.createElement("script");
    script.async = false;
    script.type = dataset.type ?? "";
    script.src = content;
    document.head.append(script);
  }
  // htmx begins at this event, or at once if the page is complete.  Run in between, when
  // the event is over and a font is still on its way, it would wait for ever.
  script.addEventListener("load", () => {
    if (isParsed && document.readyState !== "complete") {
      document.dispatchEvent(new Event("DOMContentLoaded"));
    }
  });
}

requestAnimationFrame(() => requestAnimationFrame(start));
