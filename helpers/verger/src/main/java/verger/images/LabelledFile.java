package verger.images;

/** @param label null where a pattern finds none */
record LabelledFile(ListedFile file, String label) {
}
