package io.penstock.classify;

import io.penstock.classify.CodeBook.Meaning;
import io.penstock.classify.CodeBook.Strength;
import java.util.List;

/**
 * Parts of words, in the spelling of {@link CodeBook#normal}, by which a code that nobody has listed yet tells what it is.
 *
 * @param parts any of which makes a word one of the family
 */
record CodeFamily(Meaning meaning, List<String> parts) {

    boolean has(String word) {
        return parts.stream().anyMatch(word::contains);
    }

    /** All families, the surest first. */
    static List<CodeFamily> all() {
        return List.of(
                telling(Category.RATE_LIMIT, "inflightbudget"),
                telling(
                        Category.QUOTA_EXHAUSTED,
                        "insufficientquota insufficientuserquota quotaexceed quotaexhaust quotanotenough exceededquota"
                                + " insufficientcredit insufficientbalance insufficientfund balancenotenough creditbalance"
                                + " outofcredit nocredit creditexhaust billing spendlimit spendinglimit budgetexceed exceededbudget"
                                + " exceedbudget arrear overdue paymentrequired usagelimit dailylimit dailyquota"
                                + " weeklylimit monthlylimit monthlyquota"),
                telling(
                        Category.CONTEXT_LIMIT,
                        "contextlength contextwindow contextsize contextlimit maxcontext tokenstoolong"),
                telling(
                        Category.CONTENT_FILTER,
                        "contentfilter contentpolicy contentviolation contentrisk moderation policyviolation"
                                + " sensitivecontent riskdetection datainspection unsafe safetycheck guardrail inappropriate"),
                telling(
                        Category.MODEL_NOT_FOUND,
                        "modelnot modeldoesnotexist nosuchmodel unknownmodel invalidmodel unsupportedmodel"
                                + " modelunavailable modeldeprecat modeldecommission modelretired deploymentnotfound"
                                + " enginenotfound"),
                telling(
                        Category.OVERLOADED,
                        "overload overcapacity capacityexceed capacityexhaust nocapacity outofcapacity serverbusy"
                                + " systembusy enginebusy toobusy resourceunavailable modelloading highdemand"),
                broad(
                        Category.AUTH_ERROR,
                        "apikey unauthori unauthenticated authentication authorization accessdenied permission forbidden"
                                + " credential invalidtoken expiredtoken tokenexpired notauthorized accountdisabled"
                                + " accountsuspended deactivated oauth"),
                broad(
                        Category.RATE_LIMIT,
                        "ratelimit throttl toomanyrequest toomanyconcurrent concurrency rateexceed ratequota toofast"
                                + " toofrequent spikearrest rpmexceed tpmexceed rpmlimit tpmlimit qpslimit"),
                telling(Category.UPSTREAM_TIMEOUT, "timeout timedout deadlineexceeded"),
                telling(Category.PARAMETER_ERROR, "minvalue maxvalue minlength maxlength parameter missingrequired"),
                generic(Category.INVALID_REQUEST, "invalid malformed badrequest notsupported"),
                generic(Category.SERVICE_ERROR, "internal servererror upstreamerror serviceerror"));
    }

    private static CodeFamily telling(Category category, String parts) {
        return of(category, Strength.TELLING, parts);
    }

    private static CodeFamily broad(Category category, String parts) {
        return of(category, Strength.BROAD, parts);
    }

    private static CodeFamily generic(Category category, String parts) {
        return of(category, Strength.GENERIC, parts);
    }

    private static CodeFamily of(Category category, Strength strength, String parts) {
        return new CodeFamily(new Meaning(category, strength), List.of(parts.split(" ", -1)));
    }
}
