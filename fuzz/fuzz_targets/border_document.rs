#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    hcert_fuzz::border::documents(data);
});
