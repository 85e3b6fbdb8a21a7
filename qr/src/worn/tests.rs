use super::*;

#[test]
fn a_seed_gives_the_same_frame() {
    let frame = Frame::new(Kind::Camera, 0.3, 7);
    assert_eq!(frame, Frame::new(Kind::Camera, 0.3, 7));
    assert_ne!(frame.pixels, Frame::new(Kind::Camera, 0.3, 8).pixels);
    assert_eq!(frame.pixels.len(), WIDTH * HEIGHT);
}
