package io.embedlake.cli;

import io.embedlake.EmbedJob;
import io.embedlake.spark.upkeep.StoredFingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embedlake store}: what a job's store holds, and the removal of what no column uses. */
@Command(
        name = "store",
        description =
                "Lists the fingerprints in the job's store and the columns that use them, and removes those that none uses.",
        mixinStandardHelpOptions = true)
final class StoreCommand implements Callable<Integer> {
    private static final Duration LATELY = Duration.ofDays(1);

    private final Terminal terminal;

    @Mixin
    private JobOptions options;

    @ArgGroup
    private Removed removed = new Removed();

    @Option(names = "--yes", description = "Removes; without it the command says what it would remove.")
    private boolean isSure;

    /** What is removed. Filled by picocli. */
    private static final class Removed {
        @Option(
                names = "--remove",
                paramLabel = "FINGERPRINT",
                description = "A fingerprint, or its first characters; refused when a column uses it.")
        private Optional<String> fingerprint = Optional.empty();

        @Option(
                names = "--unused",
                description =
                        "All fingerprints that no column uses and no run has used for a day: another job may be at work.")
        private boolean unused;

        private List<StoredFingerprint> of(List<StoredFingerprint> all) {
            return fingerprint
                    .map(name -> List.of(StoredFingerprint.named(all, name)))
                    .orElseGet(() -> all.stream()
                            .filter(stored -> unused
                                    && !stored.isUsed()
                                    && stored.lastUsed().isBefore(Instant.now().minus(LATELY)))
                            .toList());
        }
    }

    StoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return options.run(terminal, this::list);
    }

    private ExitCode list(EmbedJob job) {
        List<StoredFingerprint> all = job.stored();
        List<StoredFingerprint> chosen = removed.of(all);
        chosen.forEach(StoredFingerprint::requireUnused);
        if (isSure) {
            chosen.forEach(job::remove);
        }
        boolean isListed = removed.fingerprint.isEmpty() && !removed.unused;
        String state = isListed ? "" : isSure ? "removed" : "would be removed";
        for (StoredFingerprint one : isListed ? all : chosen) {
            terminal.out().print(options.json() ? JsonText.of(json(one, state)) + "\n" : text(one, state) + "\n");
        }
        if (!isListed) {
            terminal.say(said(chosen));
        }
        return ExitCode.DONE;
    }

    private String said(List<StoredFingerprint> chosen) {
        if (chosen.isEmpty()) {
            return "Nothing to remove: columns use all fingerprints of the store, or runs have used them today.";
        }
        return isSure
                ? "Removed. The files stay until the store is vacuumed (VACUUM)."
                : "Nothing was removed. To do it, give --yes too.";
    }

    private static String text(StoredFingerprint stored, String state) {
        TextTable table = new TextTable()
                .row("fingerprint", stored.fingerprint())
                .row("  model", stored.model())
                .row(
                        "  texts",
                        PlanText.number(stored.texts()) + ", " + PlanText.number(stored.rejected()) + " rejected")
                .row("  bytes", "about " + PlanText.number(stored.bytes()))
                .row("  used by", stored.isUsed() ? String.join(", ", stored.columns()) : "no column")
                .row("  last used", stored.lastUsed().toString());
        return (state.isEmpty() ? table : table.row("  state", state)).toString();
    }

    private static Map<String, Object> json(StoredFingerprint stored, String state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fingerprint", stored.fingerprint());
        json.put("model", stored.model());
        json.put("texts", stored.texts());
        json.put("rejected", stored.rejected());
        json.put("bytes", stored.bytes());
        json.put("columns", stored.columns());
        json.put("last_used", stored.lastUsed().toString());
        if (!state.isEmpty()) {
            json.put("state", state);
        }
        return json;
    }
}
