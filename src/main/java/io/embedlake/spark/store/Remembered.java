package io.embedlake.spark.store;

import io.embedlake.config.TableRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * What a session has read of small tables, for as long as they stay at the same version: to ask Delta's log for the version takes no Spark
 * job, and to read one row takes several. Thread-safe; it ends with its session.
 */
public final class Remembered {
    private static final int MOST = 32;
    private static final Map<SparkSession, Remembered> SESSIONS = Collections.synchronizedMap(new WeakHashMap<>());

    private record Answered(TableVersion version, Object question) {}

    private final Map<Answered, Object> answers = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Answered, Object> eldest) {
            return size() > MOST;
        }
    };

    private Remembered() {}

    /**
     * What a table says.
     *
     * @param question tells this reading from others of the same table, and has the type of its answer
     */
    public static <T> T of(Tables tables, TableRef table, Object question, Supplier<T> read) {
        Optional<TableVersion> version = tables.newestVersion(table);
        if (version.isEmpty()) {
            return read.get();
        }
        Remembered session = session(tables);
        Answered answered = new Answered(version.get(), question);
        @SuppressWarnings("unchecked")
        T known = (T) session.known(answered);
        if (known != null) {
            return known;
        }
        T found = read.get();
        session.keep(answered, found);
        return found;
    }

    private static Remembered session(Tables tables) {
        return SESSIONS.computeIfAbsent(tables.spark(), ignored -> new Remembered());
    }

    /** Remembers what a version of a table says, for a caller who knows it without reading. */
    static void keep(Tables tables, TableVersion version, Object question, Object answer) {
        session(tables).keep(new Answered(version, question), answer);
    }

    /**
     * Carries what a table says over to its next version, whose commit the caller has made.
     *
     * @param questions those of this type
     * @param next what the table says now, by the question and what it said before
     */
    static <Q, T> void carry(
            Tables tables, TableVersion before, TableVersion now, Class<Q> questions, BiFunction<Q, T, T> next) {
        Remembered session = SESSIONS.get(tables.spark());
        if (session != null) {
            session.carry(before, now, questions, next);
        }
    }

    @SuppressWarnings("unchecked")
    private synchronized <Q, T> void carry(
            TableVersion before, TableVersion now, Class<Q> questions, BiFunction<Q, T, T> next) {
        for (Map.Entry<Answered, Object> known : List.copyOf(answers.entrySet())) {
            Object question = known.getKey().question();
            if (known.getKey().version().equals(before) && questions.isInstance(question)) {
                answers.put(new Answered(now, question), next.apply(questions.cast(question), (T) known.getValue()));
            }
        }
    }

    private synchronized Object known(Answered answered) {
        return answers.get(answered);
    }

    private synchronized void keep(Answered answered, Object answer) {
        answers.put(answered, answer);
    }
}
