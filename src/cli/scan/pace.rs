//! How far a scan is, on one line of a terminal.

use std::time::Duration;

/// Columns of the bar.
const BAR: u64 = 20;

/// How much was read, of how much where that is known, how fast, and how long the rest takes. A line that does not fit into
/// `width` columns (0: not known) would stay on the terminal, so it is cut.
pub(super) fn line(read: u64, total: Option<u64>, passed: Duration, width: usize) -> String {
    let rate = u64::try_from(u128::from(read) * 1_000 / passed.as_millis().max(1)).unwrap_or(u64::MAX);
    let line = match total.filter(|total| *total > 0) {
        Some(total) => {
            // A file may grow while it is read.
            let read = read.min(total);
            let done = u64::try_from(u128::from(read) * 100 / u128::from(total)).unwrap_or(100);
            let filled = (done * BAR / 100) as usize;
            let bar = "█".repeat(filled) + &"░".repeat(BAR as usize - filled);
            let left = (total - read).checked_div(rate).map_or(String::new(), |left| format!(", {} left", time(left)));
            format!("{bar} {done:3} %  {} of {}, {}/s{left}", size(read), size(total), size(rate))
        }
        None => format!("read {}, {}/s", size(read), size(rate)),
    };
    match width.checked_sub(1) {
        Some(most) => line.chars().take(most).collect(),
        None => line,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        10_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

fn time(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_a_bar_and_a_time_and_streams_neither() {
        let second = Duration::from_secs(1);
        assert_eq!(
            line(500_000_000, Some(2_000_000_000), second, 0),
            "█████░░░░░░░░░░░░░░░  25 %  500 MB of 2.0 GB, 500 MB/s, 3 s left"
        );
        assert_eq!(line(3_450_000_000, None, 3 * second, 0), "read 3.4 GB, 1.1 GB/s");
        assert_eq!(line(0, Some(7), second, 0), "░░░░░░░░░░░░░░░░░░░░   0 %  0.0 MB of 0.0 MB, 0.0 MB/s");
        assert!(line(1_000_000, Some(9_000_000_000), second, 0).ends_with("1.0 MB/s, 2 h 29 min left"));
    }

    #[test]
    fn more_than_the_total_and_narrow_terminals_do_no_harm() {
        let said = line(u64::MAX, Some(5), Duration::ZERO, 40);
        assert!(said.starts_with("████████████████████ 100 %") && said.chars().count() < 40, "{said}");
        assert_eq!(line(1, Some(0), Duration::ZERO, 1), "");
    }
}
