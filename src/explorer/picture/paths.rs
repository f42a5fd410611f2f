//! SVG path data and numbers.

use std::fmt::Write;

/// Appends a formatted part to a document.
pub(super) fn append(text: &mut String, part: std::fmt::Arguments) {
    text.write_fmt(part)
        .expect("writing to a string cannot fail");
}

/// Appends a rectangle to path data.
pub(super) fn add_rect(path: &mut String, x: f32, y: f32, width: f32, height: f32) {
    let (x, y, width, height) = (number(x), number(y), number(width), number(height));
    append(path, format_args!("M{x} {y}h{width}v{height}h-{width}z"));
}

/// Appends a polyline whose corners are cut by arcs of `radius`.
pub(super) fn add_line(path: &mut String, points: &[(f32, f32)], radius: f32) {
    for (i, &(x, y)) in points.iter().enumerate() {
        let is_corner = i > 0 && i + 1 < points.len();
        if is_corner {
            let (from, to) = (points[i - 1], points[i + 1]);
            let (start, end) = (toward((x, y), from, radius), toward((x, y), to, radius));
            let turn = (x - from.0) * (to.1 - y) - (y - from.1) * (to.0 - x);
            append(
                path,
                format_args!(
                    "L{} {}A{radius} {radius} 0 0 {} {} {}",
                    number(start.0),
                    number(start.1),
                    u8::from(turn > 0.0),
                    number(end.0),
                    number(end.1),
                ),
            );
        } else {
            let command = if i == 0 { 'M' } else { 'L' };
            append(path, format_args!("{command}{} {}", number(x), number(y)));
        }
    }
}

/// The point `distance` away from `from` on the way to `to`.
fn toward(from: (f32, f32), to: (f32, f32), distance: f32) -> (f32, f32) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let share = distance / dx.hypot(dy);
    (from.0 + dx * share, from.1 + dy * share)
}

/// A coordinate with at most three decimals.
pub(super) fn number(value: f32) -> String {
    ((value * 1000.0).round() / 1000.0).to_string()
}
