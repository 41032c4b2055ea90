package verger.doctor;

import java.util.Locale;

/** Whether two clocks say the same, as far as can be told from when one was asked and when it had answered. */
final class Clock {

    /** S3 refuses requests that are a quarter of an hour off; a third of it is time to act. */
    private static final long MOST = 300_000;
    private static final long NOTICED = 5_000;

    private Clock() {
    }

    /**
     * Compares, all in milliseconds.
     *
     * @param other what the other clock said
     * @param begin before it was asked, by the driver's clock
     * @param end   after it had answered
     * @param unit  how finely the other one tells the time
     */
    static Finding compared(String where, String what, long other, long begin, long end, long unit) {
        long difference = other < begin - unit ? other - begin : other > end + unit ? other - end : 0;
        String found = difference == 0 ? "as the driver's" : String.format(Locale.ROOT, "%+.1f s beside the driver's",
                difference / 1000.0);
        String advice = "let chrony or ntpd set the clocks of all machines: S3 refuses requests that are 15 minutes off, and "
                + "times in results and logs are wrong before";
        return Math.abs(difference) >= MOST ? Finding.failed(where, what, found, advice)
                : Math.abs(difference) >= NOTICED ? Finding.advice(where, what, found, advice) : Finding.ok(where, what, found);
    }
}
