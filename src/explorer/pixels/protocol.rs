//! A picture as the bytes that show it at the cursor, over so many cells.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::{EncodeOptions, SixelImage};
use resvg::tiny_skia::Pixmap;

use super::detect::Protocol;

/// Bytes of base64 that kitty takes at once.
const CHUNK: usize = 4096;

/// Why pixels could not be packed for a terminal.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    #[error("cannot pack the picture as PNG: {0}")]
    Png(#[from] png::EncodingError),
    #[error("cannot pack the picture as sixels: {0}")]
    Sixel(#[from] icy_sixel::SixelError),
}

/// The bytes that show `pixels` over `columns` × `rows` cells from the cursor on, by a protocol.
/// kitty remembers it by its `number`, until [`forget`]; the other two draw it once.
///
/// # Errors
/// [`EncodeError`] for a picture without pixels.
pub fn shown(
    protocol: Protocol,
    pixels: &Pixmap,
    (columns, rows): (u16, u16),
    number: u32,
) -> Result<String, EncodeError> {
    match protocol {
        Protocol::Kitty => {
            let head = format!("a=T,f=100,i={number},p=1,c={columns},r={rows},C=1");
            Ok(kitty(&head, &STANDARD.encode(png(pixels)?)))
        }
        Protocol::Iterm => {
            let png = png(pixels)?;
            Ok(format!(
                "\x1b]1337;File=inline=1;size={};width={columns};height={rows};\
                 preserveAspectRatio=0;doNotMoveCursor=1:{}\x07",
                png.len(),
                STANDARD.encode(&png)
            ))
        }
        Protocol::Sixel => {
            let (width, height) = (pixels.width() as usize, pixels.height() as usize);
            let image = SixelImage::try_from_rgba(pixels.data().to_vec(), width, height)?;
            // A chart is made of flat colours, which dithering would make grainy.
            let options = EncodeOptions {
                diffusion: 0.0,
                ..EncodeOptions::default()
            };
            Ok(image.encode_with(&options)?)
        }
    }
}

/// The bytes that have kitty take a picture off the screen and out of its memory.
pub fn forget(number: u32) -> String {
    format!("\x1b_Ga=d,d=I,i={number},q=2\x1b\\")
}

/// A picture in pieces; kitty is not to answer (q=2), as nobody listens.
fn kitty(head: &str, payload: &str) -> String {
    let mut out = String::with_capacity(payload.len() + payload.len() / 100 + 200);
    let mut head = Some(head);
    let mut rest = payload;
    while !rest.is_empty() {
        // Base64 is ASCII: every byte is a place to cut at.
        let (piece, after) = rest.split_at(rest.len().min(CHUNK));
        let more = u8::from(!after.is_empty());
        let head = head
            .take()
            .map(|head| format!("{head},"))
            .unwrap_or_default();
        write!(out, "\x1b_G{head}q=2,m={more};{piece}\x1b\\")
            .expect("writing to a string cannot fail");
        rest = after;
    }
    out
}

/// Pixels as PNG without their alpha, packed fast rather than small: it is unpacked at once.
fn png(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let rgb: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::Color;

    use super::*;

    /// Half red, half blue.
    fn pixels(width: u32, height: u32) -> Pixmap {
        let mut pixels = Pixmap::new(width, height).expect("memory");
        pixels.fill(Color::from_rgba8(255, 0, 0, 255));
        let blue = Color::from_rgba8(0, 0, 255, 255)
            .premultiply()
            .to_color_u8();
        let half = pixels.pixels().len() / 2;
        pixels.pixels_mut()[half..].fill(blue);
        pixels
    }

    /// Control data and payload of each piece.
    fn pieces(text: &str) -> Vec<(&str, &str)> {
        let pieces = text.split_terminator("\x1b\\");
        let piece = |piece: &'_ str| -> Option<(usize, usize)> {
            let start = piece.strip_prefix("\x1b_G")?;
            Some((3, 3 + start.find(';')?))
        };
        pieces
            .map(|text| {
                let (start, end) = piece(text).expect("a piece of a picture");
                (&text[start..end], &text[end + 1..])
            })
            .collect()
    }

    fn unpacked(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).expect("a PNG")
    }

    #[test]
    fn kitty_gets_the_picture_in_pieces_over_its_cells() {
        // Noise, so that it takes several.
        let mut pixels = pixels(160, 100);
        let mut noise = 1u32;
        for pixel in pixels.pixels_mut() {
            noise = noise.wrapping_mul(1664525).wrapping_add(1013904223);
            let [r, g, b, _] = noise.to_be_bytes();
            *pixel = Color::from_rgba8(r, g, b, 255).premultiply().to_color_u8();
        }
        let text = shown(Protocol::Kitty, &pixels, (16, 5), 7).expect("packed");
        let pieces = pieces(&text);
        assert!(pieces.len() > 2, "{}", pieces.len());
        assert_eq!(pieces[0].0, "a=T,f=100,i=7,p=1,c=16,r=5,C=1,q=2,m=1");
        for piece in &pieces[1..pieces.len() - 1] {
            assert_eq!(piece.0, "q=2,m=1");
            assert_eq!(piece.1.len(), CHUNK);
        }
        assert_eq!(pieces[pieces.len() - 1].0, "q=2,m=0");
        let payload: String = pieces.iter().map(|piece| piece.1).collect();
        let png = STANDARD.decode(payload).expect("base64");
        assert_eq!(unpacked(&png).data(), pixels.data());
    }

    #[test]
    fn iterm_gets_the_picture_at_once() {
        let text = shown(Protocol::Iterm, &pixels(40, 40), (4, 2), 7).expect("packed");
        let (head, payload) = text.split_once(':').expect("a payload");
        let png = STANDARD.decode(payload.strip_suffix('\x07').expect("an end"));
        let png = png.expect("base64");
        assert_eq!(
            head,
            format!(
                "\x1b]1337;File=inline=1;size={};width=4;height=2;preserveAspectRatio=0;doNotMoveCursor=1",
                png.len()
            )
        );
        assert_eq!(unpacked(&png).data(), pixels(40, 40).data());
    }

    #[test]
    fn sixels_have_the_pictures_pixels() {
        let pixels = pixels(40, 44);
        let text = shown(Protocol::Sixel, &pixels, (4, 2), 7).expect("packed");
        assert!(text.starts_with("\x1bP") && text.ends_with("\x1b\\"));
        let image = SixelImage::decode(text.as_bytes()).expect("sixels");
        // A sixel is six pixels high; those below the picture stay what they are.
        assert!(text.contains("\"1;1;40;44"), "{text:.40}");
        assert_eq!((image.width, image.height), (40, 48));
        assert_eq!(&image.pixels[..40 * 44 * 4], pixels.data());
    }

    #[test]
    fn forgetting_frees_memory_too() {
        assert_eq!(forget(7), "\x1b_Ga=d,d=I,i=7,q=2\x1b\\");
    }
}
