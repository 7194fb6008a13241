package io.embedlake.cli.evaluate;

import io.embedlake.config.ReduceSpec;
import io.embedlake.page.Page;
import io.embedlake.page.Plot;
import io.embedlake.spark.evaluate.Candidate;
import io.embedlake.spark.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An evaluation as a self-contained HTML page. Stateless. */
public final class EvaluationPage {
    private static final List<String> COLOURS = Page.COLOURS;
    private static final String OTHERS = "others";
    private static final double[] SHARES = {0, 0.2, 0.4, 0.6, 0.8, 1};

    private static final String STYLE =
            """
            .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 1.5rem; }
            .plots figure:last-child { grid-column: 1 / -1; max-width: 760px; }
            """;

    private EvaluationPage() {}

    /** The page. */
    public static String of(Evaluation evaluation) {
        String title = "What reductions keep of " + evaluation.column();
        return new Page(title, STYLE)
                .add(String.format(
                        Locale.ROOT,
                        "<p class=\"soft\">%,d vectors of %,d values by %s; %,d of them were searched for.</p>%n",
                        evaluation.rows(),
                        evaluation.dimensions(),
                        Page.escaped(evaluation.model()),
                        evaluation.chosen().quality().queries()))
                .add("<p class=\"advice\">" + Page.escaped(evaluation.advice()) + "</p>\n<div class=\"plots\">\n")
                .add(recallPlot(evaluation) + spectrumPlot(evaluation) + mapPlot(evaluation) + "</div>\n")
                .part("Figures")
                .add(table(evaluation))
                .html();
    }

    private static String recallPlot(Evaluation evaluation) {
        List<Candidate> all = all(evaluation);
        int most = all.stream().mapToInt(each -> each.quality().bytes()).max().orElse(1);
        int least = all.stream().mapToInt(each -> each.quality().bytes()).min().orElse(1);
        double[] ticks = IntStream.iterate(1, bytes -> bytes <= 4 * most, bytes -> bytes * 2)
                .filter(bytes -> bytes >= least && bytes <= most)
                .asDoubleStream()
                .toArray();
        Plot plot = new Plot(
                new Plot.Axis("bytes a row", least / 1.3, most * 1.3, true, ticks),
                new Plot.Axis("recall of the ten nearest", 0, 1, false, SHARES));
        Map<String, String> colours = new LinkedHashMap<>();
        for (Candidate candidate : all) {
            String way = way(candidate.reduce());
            String colour = colours.computeIfAbsent(way, ignored -> COLOURS.get(colours.size() % COLOURS.size()));
            plot.circle(
                    candidate.quality().bytes(),
                    candidate.quality().recallAt10(),
                    6,
                    colour,
                    String.format(
                            Locale.ROOT,
                            "%s: %.3f in %d bytes",
                            candidate.reduce().label(),
                            candidate.quality().recallAt10(),
                            candidate.quality().bytes()));
        }
        mark(plot, evaluation.chosen(), "now: " + evaluation.chosen().reduce().label());
        if (!evaluation.taken().equals(evaluation.chosen())) {
            mark(
                    plot,
                    evaluation.taken(),
                    "take: " + evaluation.taken().reduce().label());
        }
        return Page.figure(
                plot.svg("Recall by bytes a row"),
                legend(colours),
                "What search finds again among the ten nearest, by the size of a row. Up and to the left is better.");
    }

    private static void mark(Plot plot, Candidate candidate, String label) {
        double bytes = candidate.quality().bytes();
        double recall = candidate.quality().recallAt10();
        plot.ring(bytes, recall, 9).label(bytes, recall, label);
    }

    private static String way(ReduceSpec reduce) {
        return reduce.method() + (reduce.codes() == ReduceSpec.Codes.NONE ? ", float" : ", " + reduce.codes());
    }

    private static String spectrumPlot(Evaluation evaluation) {
        double[] spectrum = evaluation.spectrum();
        double[] xs = new double[spectrum.length + 1];
        double[] ys = new double[spectrum.length + 1];
        for (int i = 0; i < spectrum.length; i++) {
            xs[i + 1] = i + 1;
            ys[i + 1] = ys[i] + spectrum[i];
        }
        double[] ticks = IntStream.rangeClosed(0, 4)
                .mapToDouble(part -> Math.rint(part * spectrum.length / 4.0))
                .toArray();
        Plot plot = new Plot(
                        new Plot.Axis("principal components", 0, spectrum.length, false, ticks),
                        new Plot.Axis("share of the variance", 0, 1, false, SHARES))
                .line(xs, ys, COLOURS.get(0));
        int kept = Math.min(spectrum.length, evaluation.chosen().reduce().dimensions());
        if (evaluation.chosen().reduce().method().isProjection()) {
            plot.circle(kept, ys[kept], 6, COLOURS.get(1), kept + " components")
                    .label(kept, ys[kept], String.format(Locale.ROOT, "%d keep %.0f %%", kept, 100 * ys[kept]));
        }
        return Page.figure(
                plot.svg("Share of the variance by components"),
                "",
                "How much of the variance so many principal components keep.");
    }

    private static String mapPlot(Evaluation evaluation) {
        List<Evaluation.Place> map = evaluation.map();
        List<String> groups = groups(map);
        Map<String, String> colours = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            colours.put(groups.get(i), COLOURS.get(i));
        }
        Plot plot = new Plot(
                axis("first component", map, Evaluation.Place::x), axis("second component", map, Evaluation.Place::y));
        for (Evaluation.Place place : map) {
            boolean isNamed = colours.containsKey(place.group());
            plot.circle(place.x(), place.y(), 2.5, isNamed ? colours.get(place.group()) : Page.GREY, place.group());
        }
        if (map.stream().anyMatch(place -> !colours.containsKey(place.group()))) {
            colours.put(OTHERS, Page.GREY);
        }
        boolean isColoured = groups.size() > 1;
        return Page.figure(
                plot.svg("Map of the sample"),
                isColoured ? legend(colours) : "",
                String.format(Locale.ROOT, "%,d of the vectors on the first two principal components.", map.size()));
    }

    /** The most frequent groups, by name. */
    private static List<String> groups(List<Evaluation.Place> map) {
        Map<String, Long> counts =
                map.stream().collect(Collectors.groupingBy(Evaluation.Place::group, Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(COLOURS.size())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static Plot.Axis axis(String title, List<Evaluation.Place> map, Function<Evaluation.Place, Float> value) {
        double low = map.stream().mapToDouble(value::apply).min().orElse(0);
        double high = map.stream().mapToDouble(value::apply).max().orElse(1);
        double margin = Math.max(1e-6, (high - low) / 20);
        return new Plot.Axis(title, low - margin, high + margin, false);
    }

    private static String legend(Map<String, String> colours) {
        return Page.legend(colours.entrySet().stream()
                .map(entry -> new Page.Mark(entry.getKey().isEmpty() ? "(empty)" : entry.getKey(), entry.getValue()))
                .toList());
    }

    private static String table(Evaluation evaluation) {
        StringBuilder rows = new StringBuilder(
                "<table>\n<tr><th>reduction</th><th>bytes</th><th>variance</th>"
                        + "<th>recall@1</th><th>recall@10</th><th>recall@100</th><th>10 in 100</th><th>rank correlation</th></tr>\n");
        for (Candidate candidate : all(evaluation)) {
            List<String> classes = new ArrayList<>();
            if (candidate.equals(evaluation.chosen())) {
                classes.add("chosen");
            }
            if (candidate.equals(evaluation.taken())) {
                classes.add("taken");
            }
            rows.append(String.format(
                    Locale.ROOT,
                    "<tr class=\"%s\"><td>%s</td><td>%d</td><td>%.0f %%</td><td>%.3f</td><td>%.3f</td><td>%.3f</td>"
                            + "<td>%.3f</td><td>%.3f</td></tr>%n",
                    String.join(" ", classes),
                    candidate.reduce().label(),
                    candidate.quality().bytes(),
                    100 * candidate.varianceKept(),
                    candidate.quality().recallAt1(),
                    candidate.quality().recallAt10(),
                    candidate.quality().recallAt100(),
                    candidate.quality().reachAt100(),
                    candidate.quality().rankCorrelation()));
        }
        return rows.append(
                        "</table>\n<p class=\"soft\">In bold the job's own reduction. 10 in 100: the share of the ten nearest among"
                                + " the hundred nearest, which is what ranking candidates again by full vectors finds.</p>\n")
                .toString();
    }

    private static List<Candidate> all(Evaluation evaluation) {
        return Stream.concat(Stream.of(evaluation.chosen()), evaluation.ladder().stream())
                .toList();
    }
}
