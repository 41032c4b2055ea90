package verger.bench;

/** Says in one sentence what is wrong with the command line. */
final class UsageException extends RuntimeException {

    UsageException(String sentence) {
        super(sentence);
    }
}
