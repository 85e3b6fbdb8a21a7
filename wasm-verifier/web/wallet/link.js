// Runs before anything else: a certificate that came behind the # of a link leaves the address and the history of this
// tab at once. What it is, wallet.js looks at.
if (location.hash) {
    globalThis.hcertLink = location.hash;
    history.replaceState(null, '', location.pathname + location.search);
}
