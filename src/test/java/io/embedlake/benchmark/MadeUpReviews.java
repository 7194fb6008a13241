package io.embedlake.benchmark;

/** Short texts of some 70 characters, made of numbers. Stateless. */
final class MadeUpReviews {
    private MadeUpReviews() {}

    /**
     * An expression of SQL over a column {@code id}.
     *
     * @param number what tells texts apart, an expression: as many of them differ as it has values, at least
     */
    static String text(String number) {
        return "concat('review ', " + number
                + ", ' of product ', id % 997L, ' is about the ', elt(id % 5 + 1, 'battery',"
                + " 'screen', 'keyboard', 'price', 'service'), ' and says that it was ', elt(id % 7 + 1, 'good', 'bad',"
                + " 'late', 'loud', 'cheap', 'broken', 'fine')) AS text";
    }
}
