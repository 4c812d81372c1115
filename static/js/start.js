// Scripts come after the first paint: on a slow line they would share the wire with the
// style sheets.  Until then every form and link works as plain HTML.  In this order, and
// htmx last, so that whoever listens to it is there.

function start() {
  for (const { content, dataset } of document.querySelectorAll('meta[name="script"]')) {
    const script = document.createElement("script");
    script.async = false;
    script.type = dataset.type ?? "";
    script.src = content;
    document.head.append(script);
  }
}

requestAnimationFrame(() => requestAnimationFrame(start));
