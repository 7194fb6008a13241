package io.embedlake.spark.report;

import io.embedlake.ivf.RecallCurve;
import io.embedlake.page.Page;
import io.embedlake.pipeline.WorkPlan;
import io.embedlake.reduce.quality.Quality;
import io.embedlake.spark.report.RunStory.Wave;
import io.embedlake.spark.run.CommittedWave;
import io.embedlake.spark.run.Progress;
import io.embedlake.spark.search.ColumnSample;
import io.embedlake.spark.search.ColumnSample.NearRow;
import io.embedlake.spark.search.ColumnSample.SampledRow;
import io.embedlake.spark.store.ReductionRecord;
import io.embedlake.spark.store.RunRecord;
import io.embedlake.spi.Budget;
import io.embedlake.spi.InputKind;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run as a self-contained HTML page. Stateless. */
public final class RunPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final double GOOD_RECALL = 0.95;
    private static final int MOST_WAVES = 40;

    private static final String STYLE =
            """
            .status { border-left: 6px solid #009e73; background: var(--panel); padding: .7rem 1rem; border-radius: 6px; }
            .status.bad { border-color: #d55e00; } .status b { text-transform: capitalize; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin: 1rem 0; padding: 0; }
            .tile { background: var(--panel); border-radius: 6px; padding: .6rem .9rem; } .tile dt { color: var(--soft); font-size: .85rem; }
            .tile dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
            .plots { margin-top: 1.5rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 1.5rem; }
            .facts th { text-align: left; font-weight: 400; color: var(--soft); width: 14rem; vertical-align: top; }
            .facts td { text-align: left; overflow-wrap: anywhere; }
            .facts { table-layout: fixed; } @media (max-width: 600px) { .facts th { width: 32%; } }
            .share { display: flex; height: 1.4rem; border-radius: 4px; overflow: hidden; background: var(--line); }
            .share span { display: block; height: 100%; }
            th.text, td.text { text-align: left; } tr.drawn { background: var(--panel); } tr.drawn th { font-weight: 400; }
            tr.near td:first-child { padding-left: 2rem; } code { font-size: .9em; }
            """;

    private RunPage() {}

    /** The page. */
    public static String of(RunStory story) {
        RunRecord run = story.run();
        Page page = new Page("Run of " + run.job(), STYLE)
                .add("<p class=\"soft\">"
                        + Page.escaped(run.run() + ", begun " + TIME.format(run.startedAt()) + ", "
                                + Progress.readable(run.duration()))
                        + "</p>\n")
                .add(status(story))
                .add(tiles(story))
                .add(facts(List.of(
                        fact("looked at", run.look().isEmpty() ? planned(story) : run.look()),
                        fact("source", run.source()),
                        fact("target", run.target()))))
                .add(RunPlots.of(story));
        ColumnStory.of(story).forEach(column -> add(page, column, story));
        addWaves(page, story);
        story.samples().forEach(sample -> addSample(page, sample));
        return page.part("Versions")
                .add(facts(new TreeMap<>(run.versions())
                        .entrySet().stream()
                                .map(version -> fact(version.getKey(), version.getValue()))
                                .toList()))
                .html();
    }

    private static String planned(RunStory story) {
        return story.plan().map(WorkPlan::look).orElse("nothing: the run ended before");
    }

    private static String status(RunStory story) {
        RunStory.Ending ending = story.ending();
        return "<p class=\"status" + (ending.isGood() ? "" : " bad") + "\"><b>" + Page.escaped(ending.status())
                + "</b>"
                + (ending.exitCode().isPresent()
                        ? ", exit code " + ending.exitCode().getAsInt()
                        : "")
                + (ending.sentence().isEmpty() ? "" : "<br>" + Page.escaped(ending.sentence())) + "</p>\n";
    }

    private static String tiles(RunStory story) {
        List<ColumnStory> columns = ColumnStory.of(story);
        long embedded = columns.stream().mapToLong(ColumnStory::embedded).sum();
        double seconds = columns.stream()
                .mapToDouble(column -> column.time().toMillis() / 1000.0)
                .sum();
        List<String> tiles = new ArrayList<>();
        tiles.add(tile("rows", Words.number(story.run().rows())));
        tiles.add(tile("rows changed", Words.number(story.run().rowsPublished())));
        String things = columns.stream().map(ColumnStory::things).distinct().collect(Collectors.joining(", "));
        tiles.add(tile(things + " embedded", Words.number(embedded)));
        tiles.add(
                tile(things + " a second", embedded == 0 ? "\u2013" : Words.rate(embedded / Math.max(0.001, seconds))));
        tiles.add(tile(
                "tokens",
                Words.number(columns.stream().mapToLong(ColumnStory::tokens).sum())));
        tiles.add(tile("cost", cost(columns)));
        return "<dl class=\"tiles\">\n" + String.join("", tiles) + "</dl>\n";
    }

    private static String cost(List<ColumnStory> columns) {
        boolean isKnown = columns.stream().allMatch(column -> column.usd().isPresent());
        return isKnown
                ? Words.usd(columns.stream()
                        .mapToDouble(column -> column.usd().orElse(0))
                        .sum())
                : "unknown";
    }

    private static String tile(String name, String value) {
        return "<div class=\"tile\"><dt>" + Page.escaped(name) + "</dt><dd>" + Page.escaped(value) + "</dd></div>\n";
    }

    private static void add(Page page, ColumnStory column, RunStory story) {
        page.part(column.name()).add(endings(column)).add(facts(facts(column, story)));
    }

    private static String endings(ColumnStory column) {
        long all = column.reused() + column.embedded() + column.rejected();
        List<Page.Mark> marks = List.of(
                new Page.Mark(Words.number(column.embedded()) + " embedded", Page.COLOURS.get(0)),
                new Page.Mark(Words.number(column.reused()) + " already embedded", Page.COLOURS.get(5)),
                new Page.Mark(
                        Words.number(column.rejected()) + " rejected" + column.rejectedByKind(), Page.COLOURS.get(1)));
        List<Long> counts = List.of(column.embedded(), column.reused(), column.rejected());
        StringBuilder bar = new StringBuilder("<div class=\"share\" role=\"img\" aria-label=\""
                + Page.escaped("Of " + Words.number(all) + " different " + column.things() + " "
                        + marks.stream().map(Page.Mark::name).collect(Collectors.joining(", ")))
                + "\">");
        for (int i = 0; i < marks.size() && all > 0; i++) {
            bar.append(String.format(
                    Locale.ROOT,
                    "<span style=\"width:%.2f%%;background:%s\"></span>",
                    100.0 * counts.get(i) / all,
                    marks.get(i).colour()));
        }
        return bar.append("</div>\n").append(Page.legend(marks)).toString();
    }

    private static List<String> facts(ColumnStory column, RunStory story) {
        List<String> facts = new ArrayList<>();
        facts.add(fact("model", column.model()));
        facts.add(fact("fingerprint", column.fingerprint()));
        column.notes().forEach(note -> facts.add(fact("note", note)));
        facts.add(fact("rows without " + column.inputs(), Words.number(column.blank()) + " null or blank: no vector"));
        if (column.embedded() > 0) {
            facts.add(fact(
                    column.inputs() == InputKind.IMAGE ? "patches" : "tokens",
                    Words.number(column.tokens()) + ", "
                            + Words.number(Math.round((double) column.tokens() / column.embedded()))
                            + " on average; " + Words.number(column.truncated()) + " " + column.things()
                            + " cut to the limit"
                            + (column.split() > 0 ? ", " + Words.number(column.split()) + " split into chunks" : "")));
            facts.add(fact(
                    "speed",
                    Words.rate(column.textsPerSecond()) + " " + column.things() + " a second, "
                            + Progress.readable(column.time())));
        }
        facts.add(fact("cost", spent(column, story)));
        waits(column, story).ifPresent(waits -> facts.add(fact("provider", waits)));
        column.reduction().ifPresent(reduction -> facts.add(fact("reduction", of(reduction))));
        return facts;
    }

    private static String spent(ColumnStory column, RunStory story) {
        String spent = column.usd().isPresent() ? Words.usd(column.usd().getAsDouble()) : "unknown: no price is known";
        String limits = story.run().spec().entrySet().stream()
                .filter(key ->
                        key.getKey().endsWith(Budget.MAX_COST) || key.getKey().endsWith("]." + Budget.MAX_TOKENS))
                .map(key -> key.getKey().replaceFirst("^embeddings\\[\\d+]\\.", "") + " is " + key.getValue())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return spent + (limits.isEmpty() ? "" : " of the run's budget (" + limits + ")");
    }

    private static Optional<String> waits(ColumnStory column, RunStory story) {
        List<CommittedWave> waves = ColumnStory.waves(story, column.name());
        long calls = waves.stream().mapToLong(CommittedWave::calls).sum();
        Duration paused = waves.stream().map(CommittedWave::paused).reduce(Duration.ZERO, Duration::plus);
        return calls == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%,d calls, %.1f s of waiting because they were too fast",
                        calls,
                        paused.toMillis() / 1000.0));
    }

    private static String of(ReductionRecord reduction) {
        StringBuilder text = new StringBuilder(reduction.name());
        if (reduction.varianceKept() < 1) {
            text.append(String.format(Locale.ROOT, ", keeps %.1f %% of the variance", 100 * reduction.varianceKept()));
        }
        reduction.quality().map(RunPage::of).ifPresent(text::append);
        if (reduction.drift().isPresent()) {
            text.append(String.format(
                    Locale.ROOT,
                    "; the error of new texts is %.2f times that of the fit%s",
                    reduction.drift().getAsDouble(),
                    reduction.isOutdated() ? ": fit anew with embed --refit" : ""));
        }
        return text.toString();
    }

    private static String of(Quality quality) {
        return String.format(
                Locale.ROOT,
                ", recall@1 %.3f, @10 %.3f, @100 %.3f, the ten nearest among a hundred %.3f, rank correlation %.3f; %d bytes a row"
                        + " (measured among %,d rows with %,d queries)",
                quality.recallAt1(),
                quality.recallAt10(),
                quality.recallAt100(),
                quality.reachAt100(),
                quality.rankCorrelation(),
                quality.bytes(),
                quality.rows(),
                quality.queries());
    }

    private static void addWaves(Page page, RunStory story) {
        List<Wave> waves = story.waves();
        if (waves.isEmpty()) {
            return;
        }
        boolean isOfProvider = waves.stream()
                .anyMatch(one -> one.wave().calls() > 0 || one.wave().usd().orElse(1) > 0);
        page.part("Waves")
                .add(
                        "<div class=\"wide\">\n<table>\n<tr><th scope=\"col\">wave</th><th scope=\"col\" class=\"text\">column</th>"
                                + "<th scope=\"col\">in the store</th><th scope=\"col\">embedded</th><th scope=\"col\">rejected</th>"
                                + "<th scope=\"col\">tokens</th><th scope=\"col\">seconds</th><th scope=\"col\">a second</th>"
                                + (isOfProvider
                                        ? "<th scope=\"col\">calls</th><th scope=\"col\">waited</th><th scope=\"col\">cost</th>"
                                        : "")
                                + "</tr>\n");
        waves.stream().limit(MOST_WAVES).forEach(wave -> page.add(row(wave, isOfProvider)));
        page.add("</table>\n</div>\n");
        if (waves.size() > MOST_WAVES) {
            page.add("<p class=\"soft\">" + Words.number(waves.size() - MOST_WAVES)
                    + " more waves are not listed.</p>\n");
        }
    }

    private static String row(Wave one, boolean isOfProvider) {
        CommittedWave wave = one.wave();
        String sent = String.format(
                Locale.ROOT,
                "<td>%,d</td><td>%.1f s</td><td>%s</td>",
                wave.calls(),
                wave.paused().toMillis() / 1000.0,
                wave.usd().isPresent() ? Words.usd(wave.usd().getAsDouble()) : "unknown");
        return String.format(
                Locale.ROOT,
                "<tr><td>%d</td><td class=\"text\">%s</td><td>%s</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%.1f</td><td>%s</td>%s</tr>%n",
                wave.number(),
                Page.escaped(wave.column()),
                HOUR.format(one.at()),
                wave.embedded(),
                wave.rejected(),
                wave.tokens(),
                wave.time().toMillis() / 1000.0,
                Words.rate(RunPlots.rate(one)),
                isOfProvider ? sent : "");
    }

    private static void addSample(Page page, ColumnSample sample) {
        page.part("Nearest rows by " + sample.column());
        sample.index().ifPresent(curve -> page.add("<p>" + Page.escaped(of(curve)) + "</p>\n"));
        if (sample.rows().isEmpty()) {
            page.add("<p class=\"soft\">No row has a vector.</p>\n");
            return;
        }
        page.add("<div class=\"wide\">\n<table>\n<tr><th scope=\"col\">row, and those nearest to it</th>"
                + "<th scope=\"col\">cosine</th></tr>\n");
        for (SampledRow row : sample.rows()) {
            page.add("<tr class=\"drawn\"><th scope=\"rowgroup\" colspan=\"2\">" + named(row.id(), row.values())
                    + "</th></tr>\n");
            for (NearRow near : row.nearest()) {
                page.add("<tr class=\"near\"><td>" + named(near.id(), near.values()) + "</td><td>"
                        + String.format(Locale.ROOT, "%.3f", near.cosine()) + "</td></tr>\n");
            }
        }
        page.add("</table>\n</div>\n<p class=\"soft\">Rows drawn by their ids, and the nearest ones among "
                + Words.number(sample.among()) + " rows.</p>\n");
    }

    private static String named(String id, String values) {
        return "<code>" + Page.escaped(id) + "</code>" + (values.isEmpty() ? "" : "<br>" + Page.escaped(values));
    }

    /** How much of an index a search reads, for rows that are so near. */
    private static String of(RecallCurve curve) {
        String bands = curve.scores().stream()
                .map(score -> {
                    OptionalInt cells = curve.cells(score, GOOD_RECALL);
                    return String.format(
                            Locale.ROOT,
                            "%s for rows with a cosine of %.2f or more",
                            cells.isPresent() ? Words.number(cells.getAsInt()) : "all",
                            score);
                })
                .collect(Collectors.joining(", "));
        return "Search index of " + Words.number(curve.count()) + " cells; for a recall of " + GOOD_RECALL
                + " a search reads " + bands + ".";
    }

    private static String facts(List<String> rows) {
        return "<table class=\"facts\">\n" + String.join("", rows) + "</table>\n";
    }

    private static String fact(String name, String value) {
        return "<tr><th scope=\"row\">" + Page.escaped(name) + "</th><td>" + Page.escaped(value) + "</td></tr>\n";
    }
}
