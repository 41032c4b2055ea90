package verger.sample;

import java.util.List;

/** All that the sample shows. */
final class Basket {

    private Basket() {
    }

    static List<Fruit> all() {
        return List.of(
                Apple.braeburn(), Banana.banana(), Cherry.cherry(), Eggplant.eggplant(), Lemon.lemon(), Orange.orange(),
                Pear.pear(), Pepper.green(), Pineapple.pineapple(), Strawberry.strawberry(), Tomato.tomato(),
                Watermelon.watermelon());
    }
}
