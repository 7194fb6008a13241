package io.embedlake.cli;

import io.embedlake.pipeline.WorkPlan;
import io.embedlake.spark.run.JobObserver;
import io.embedlake.spark.run.Progress;
import java.time.Duration;

/**
 * Prints how a job gets on: in a terminal one line that changes, elsewhere a plain line, or a message of a log, now and then. Thread-safe.
 */
final class ConsoleObserver implements JobObserver {
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(15);
    private static final String START_OF_LINE = "\r\033[K";

    private final Terminal terminal;
    private Duration lastPlainLine = Duration.ZERO;
    private boolean midLine;
    private boolean saidAll;

    ConsoleObserver(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void planned(WorkPlan plan) {
        if (terminal.isLog()) {
            terminal.say(PlanText.line(plan));
            return;
        }
        endLine();
        terminal.err().print(PlanText.of(plan));
        terminal.err().flush();
    }

    @Override
    public synchronized void phase(String what) {
        endLine();
        terminal.say(what);
        lastPlainLine = Duration.ZERO;
        saidAll = false;
    }

    @Override
    public synchronized void progress(Progress progress) {
        boolean finished = progress.texts() == progress.total();
        if (terminal.isWatched()) {
            terminal.err().print(START_OF_LINE + progress.line());
            terminal.err().flush();
            midLine = true;
        } else if (finished ? !saidAll : progress.elapsed().minus(lastPlainLine).compareTo(BETWEEN_PLAIN_LINES) >= 0) {
            terminal.say(progress.line());
            lastPlainLine = progress.elapsed();
            saidAll = finished;
        }
    }

    @Override
    public synchronized void waiting(String why) {
        endLine();
        terminal.say(why);
    }

    private void endLine() {
        if (midLine) {
            terminal.err().println();
            midLine = false;
        }
    }
}
