package io.embedlake.spark.report;

import io.embedlake.page.Page;
import io.embedlake.page.Plot;
import io.embedlake.spark.report.RunStory.Pace;
import io.embedlake.spark.report.RunStory.Wave;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.TokenHistogram;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The plots of a run. Stateless. */
final class RunPlots {
    private static final String WAVE_COLOUR = Page.GREY;

    private RunPlots() {}

    /** Texts a second over time, and texts by tokens for each column; empty where nothing was embedded. */
    static String of(RunStory story) {
        String pace = story.pace().isEmpty() ? "" : pacePlot(story);
        String lengths = story.waves().stream()
                .map(wave -> wave.wave().column())
                .distinct()
                .map(column -> lengthsPlot(story, column))
                .collect(Collectors.joining());
        return pace.isEmpty() && lengths.isEmpty() ? "" : "<div class=\"plots\">\n" + pace + lengths + "</div>\n";
    }

    /** A unit of the time axis. */
    private record Unit(String name, double seconds) {
        static Unit of(double seconds) {
            return seconds < 180
                    ? new Unit("seconds", 1)
                    : seconds < 3 * 3600 ? new Unit("minutes", 60) : new Unit("hours", 3600);
        }
    }

    private static String pacePlot(RunStory story) {
        Instant begin = Stream.concat(
                        story.pace().stream().map(Pace::begin),
                        story.waves().stream().map(Wave::begin))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant end = Stream.concat(
                        story.pace().stream().map(Pace::end),
                        story.waves().stream().map(Wave::at))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Unit unit = Unit.of(Duration.between(begin, end).toMillis() / 1000.0);
        double fastest = Math.max(
                story.pace().stream().mapToDouble(Pace::rate).max().orElse(1),
                story.waves().stream().mapToDouble(RunPlots::rate).max().orElse(0));
        Plot plot = new Plot(
                Plot.Axis.upTo(unit.name() + " since embedding began", at(begin, end, unit)),
                Plot.Axis.upTo("texts a second", fastest));
        for (Wave wave : story.waves()) {
            plot.bar(
                    at(begin, wave.begin(), unit),
                    at(begin, wave.at(), unit),
                    rate(wave),
                    WAVE_COLOUR + "55",
                    String.format(
                            Locale.ROOT,
                            "wave %d of %s: %,d texts, %s a second",
                            wave.wave().number(),
                            wave.wave().column(),
                            wave.wave().texts(),
                            Words.rate(rate(wave))));
        }
        List<String> columns =
                story.pace().stream().map(Pace::column).distinct().toList();
        List<Page.Mark> marks = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            String colour = Page.COLOURS.get(i % Page.COLOURS.size());
            List<Pace> own = story.pace().stream()
                    .filter(pace -> pace.column().equals(column))
                    .toList();
            double[] xs = new double[2 * own.size()];
            double[] ys = new double[2 * own.size()];
            for (int j = 0; j < own.size(); j++) {
                xs[2 * j] = at(begin, own.get(j).begin(), unit);
                xs[2 * j + 1] = at(begin, own.get(j).end(), unit);
                ys[2 * j] = own.get(j).rate();
                ys[2 * j + 1] = own.get(j).rate();
            }
            plot.line(xs, ys, colour);
            marks.add(new Page.Mark(column, colour));
        }
        if (!story.waves().isEmpty()) {
            marks.add(new Page.Mark("a whole wave, with its commit", WAVE_COLOUR));
        }
        return Page.figure(plot.svg("Texts a second over time"), Page.legend(marks), "How fast texts were embedded.");
    }

    private static double at(Instant begin, Instant moment, Unit unit) {
        return Math.max(0, Duration.between(begin, moment).toMillis() / 1000.0 / unit.seconds());
    }

    /** Texts a second of a wave. */
    static double rate(Wave wave) {
        return wave.wave().texts() / Math.max(0.001, wave.wave().time().toMillis() / 1000.0);
    }

    private static String lengthsPlot(RunStory story, String column) {
        TokenHistogram lengths = ColumnStory.waves(story, column).stream()
                .map(CommittedWave::lengths)
                .reduce(TokenHistogram.NONE, TokenHistogram::plus);
        if (lengths.texts() == 0) {
            return "";
        }
        List<Long> counts = lengths.counts();
        int first = 0;
        int last = counts.size() - 1;
        while (counts.get(first) == 0) {
            first++;
        }
        while (counts.get(last) == 0) {
            last--;
        }
        double low = begin(first);
        double high = end(last);
        double[] ticks = IntStream.iterate(1, power -> power <= high, power -> 2 * power)
                .filter(power -> power >= low)
                .asDoubleStream()
                .toArray();
        boolean isOfImages = ColumnStory.waves(story, column).get(0).inputs() == InputKind.IMAGE;
        Plot plot = new Plot(
                new Plot.Axis((isOfImages ? "patches of an image" : "tokens of a text"), low, high, true, ticks),
                Plot.Axis.upTo(
                        isOfImages ? "images" : "texts",
                        counts.stream().mapToLong(Long::longValue).max().orElse(1)));
        for (int range = first; range <= last; range++) {
            plot.bar(
                    begin(range),
                    end(range),
                    counts.get(range),
                    Page.COLOURS.get(0),
                    named(range) + ": " + Words.number(counts.get(range)));
        }
        return Page.figure(
                plot.svg("Embedded texts of " + column + " by tokens"),
                "",
                String.format(Locale.ROOT, "%s: %,d embedded by this run, by tokens.", column, lengths.texts()));
    }

    private static String named(int range) {
        int begin = TokenHistogram.begin(range);
        if (range + 1 == TokenHistogram.ranges()) {
            return Words.number(begin) + " tokens or more";
        }
        int last = TokenHistogram.begin(range + 1) - 1;
        return begin == last ? begin + " tokens" : Words.number(begin) + " to " + Words.number(last) + " tokens";
    }

    /** On a logarithmic axis, where there is no 0. */
    private static double begin(int range) {
        return range == 0 ? 0.5 : TokenHistogram.begin(range);
    }

    private static double end(int range) {
        return range + 1 < TokenHistogram.ranges()
                ? TokenHistogram.begin(range + 1)
                : 2.0 * TokenHistogram.begin(range);
    }
}
