//! What every service does with requests and answers: cookies, origins, headers, addresses.

use std::net::IpAddr;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
};

use crate::listen::Peer;

/// A cookie's value.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value.to_owned())
}

/// The header that sets a cookie for this site alone, and not for scripts; over HTTPS only, where
/// there is. With no seconds it goes away. `None` where the value fits in no header.
pub fn set_cookie(name: &str, value: &str, seconds: i64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}

/// Whether the browser says that another site sent the form.
pub fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return true;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => {
            let own = origin.split_once("://").map(|(_, rest)| rest);
            own != Some(host)
        }
        _ => false,
    }
}

/// Headers for every answer that may not be kept. For a page, `page` is what it may load and do
/// (its Content-Security-Policy).
pub fn guard(headers: &mut HeaderMap, page: Option<&'static str>) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if headers.get(header::CACHE_CONTROL).is_none() {
        let no_store = HeaderValue::from_static("no-store");
        headers.insert(header::CACHE_CONTROL, no_store);
    }
    if let Some(policy) = page {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        );
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        );
    }
}

/// Where a request comes from: the proxy's word where there is one, else the connection.
pub fn address_of(request: &Request, behind_proxy: bool) -> String {
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .filter(|_| behind_proxy)
        .and_then(|value| value.to_str().ok())
        // The last one was added by our own proxy; those before it by anybody.
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok());
    let peer = || request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    match forwarded.or_else(peer) {
        // A household or an office has a whole /64 to itself.
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Some(address) => address.to_string(),
        None => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let peer = Peer("192.0.2.9:1000".parse().unwrap());
        request.extensions_mut().insert(peer);
        request
    }

    #[test]
    fn cookies() {
        let asked = request(&[("cookie", "a=1; bb=2"), ("cookie", "c=3=4")]);
        let value = |name: &str| cookie(asked.headers(), name);
        assert_eq!(value("a").as_deref(), Some("1"));
        assert_eq!(value("bb").as_deref(), Some("2"));
        assert_eq!(value("c").as_deref(), Some("3=4"));
        assert_eq!(value("b"), None);
        let set = set_cookie("a", "1", 60, true).unwrap();
        assert_eq!(
            set,
            "a=1; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(set_cookie("a", "1\n2", 60, false).is_none());
    }

    #[test]
    fn other_sites() {
        for (headers, elsewhere) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("origin", "https://a.test"), ("host", "a.test")], false),
            (&[("origin", "https://b.test"), ("host", "a.test")], true),
            (&[("origin", "null"), ("host", "a.test")], true),
        ] {
            assert_eq!(is_from_elsewhere(request(headers).headers()), elsewhere);
        }
    }

    #[test]
    fn addresses() {
        let forwarded = request(&[("x-forwarded-for", "203.0.113.1, 2001:db8:1:2:3::4")]);
        assert_eq!(address_of(&forwarded, true), "2001:db8:1:2::/64");
        assert_eq!(address_of(&forwarded, false), "192.0.2.9");
        let nonsense = request(&[("x-forwarded-for", "nobody")]);
        assert_eq!(address_of(&nonsense, true), "192.0.2.9");
        let nowhere = Request::new(Body::empty());
        assert_eq!(address_of(&nowhere, true), "unknown");
    }
}
