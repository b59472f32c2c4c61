//! A line on the terminal when a run takes longer than a second.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often a line that changes is shown anew.
const AGAIN: Duration = Duration::from_millis(200);

/// Runs `work`; after a second of it, says `what` until it is done.
pub(super) fn while_running<T: Send>(progress: Option<fn(&str)>, what: &str, work: impl FnOnce() -> T + Send) -> T {
    while_counting(progress, |_| what.to_owned(), work)
}

/// Runs `work`; after a second of it, says over and over what it is at until it is done. `what` gets the time since the start.
pub(super) fn while_counting<T: Send>(
    progress: Option<fn(&str)>,
    what: impl Fn(Duration) -> String + Send,
    work: impl FnOnce() -> T + Send,
) -> T {
    let Some(show) = progress else { return work() };
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut said = String::new();
            let (mut pause, mut passed) = (Duration::from_secs(1), Duration::ZERO);
            // The sender is dropped when the work ends, however it ends.
            while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                passed += pause;
                let now = what(passed);
                if now != said {
                    show(&now);
                }
                (said, pause) = (now, AGAIN);
            }
            if !said.is_empty() {
                show("");
            }
        });
        let result = work();
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::while_running;
    use std::sync::Mutex;
    use std::time::Duration;

    static SHOWN: Mutex<Vec<String>> = Mutex::new(Vec::new());

    fn note(what: &str) {
        SHOWN.lock().unwrap().push(what.to_owned());
    }

    #[test]
    fn a_long_run_says_what_it_does_and_clears_the_line() {
        assert_eq!(while_running(Some(note), "short", || 1), 1);
        let slow = || std::thread::sleep(Duration::from_millis(1_300));
        while_running(Some(note), "long", slow);
        assert_eq!(*SHOWN.lock().unwrap(), ["long", ""]);
    }
}
