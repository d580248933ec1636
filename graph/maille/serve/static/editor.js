"use strict";
// The SPARQL editor: YASGUI on our endpoint alone; nothing is fetched from anywhere else.
(() => {
  const place = document.getElementById("editor");
  const endpoint = new URL(place.dataset.endpoint, location.href).href;
  const prefixes = JSON.parse(place.dataset.prefixes);
  const declared = Object.entries(prefixes).map(([name, iri]) => `PREFIX ${name}: <${iri}>`).join("\n") + "\n";
  const whole = (query) => (/\bprefix\b/i.test(query) ? query : declared + "\n" + query);
  const Yasgui = window.Yasgui;
  Yasgui.Yasqe.defaults.autocompleters = ["variables"];
  Yasgui.Yasqe.defaults.value = whole(place.dataset.query);
  Yasgui.Yasqe.defaults.createShareableLink = false;
  Yasgui.Yasr.defaults.prefixes = prefixes;
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    copyEndpointOnNewTab: true,
    persistenceId: "maille_" + location.host,
    persistencyExpire: 3600,
    populateFromUrl: false,
  });
  window.maille = yasgui;
  const show = (query) => {
    const tab = yasgui.getTab() || yasgui.addTab(true);
    tab.setEndpoint(endpoint);
    tab.setQuery(whole(query));
  };
  if (new URLSearchParams(location.search).has("query")) show(place.dataset.query);
  document.getElementById("examples").addEventListener("click", (event) => {
    const query = event.target.dataset.query;
    if (query === undefined) return;
    show(query);
    yasgui.getTab().query();
  });
  place.dataset.ready = "";
})();
