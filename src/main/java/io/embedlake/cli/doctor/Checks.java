package io.embedlake.cli.doctor;

import io.embedlake.spi.EmbedlakeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Checks by name, in the order in which they are made. Mutable; confined to one thread. */
final class Checks {
    private final Map<String, Check> byName = new LinkedHashMap<>();

    Checks add(String name, Check check) {
        byName.put(name, check);
        return this;
    }

    /** Runs every check, even when others fail. */
    void run(BiConsumer<String, Finding> found) {
        byName.forEach((name, check) -> found.accept(name, look(check)));
    }

    /** Does what reports several findings; when it fails, that is a finding of this name. */
    static void guarded(String name, BiConsumer<String, Finding> found, Runnable work) {
        Finding finding = look(() -> {
            work.run();
            return Finding.ok("");
        });
        if (finding.status() == Finding.Status.FAILED) {
            found.accept(name, finding);
        }
    }

    private static Finding look(Check check) {
        try {
            return check.look();
        } catch (EmbedlakeException e) {
            return Finding.failed(e.kind(), e.getMessage());
        } catch (Exception | LinkageError e) {
            return Finding.defect(e);
        }
    }
}
