# Reads sets of patients from standard input, adds public ones of the package survival,
# and prints both: rows "data", then "value" with everything that is compared.
suppressWarnings(suppressMessages(library(survival)))
options(digits = 17)
given <- read.csv(file("stdin"), colClasses = c(set = "character"))
num <- function(x) as.integer(as.factor(x))
add <- function(name, time, event, group, stratum, weight = 1) {
  d <- data.frame(set = name, time = as.numeric(time), event = as.integer(event),
                  group = as.integer(group), stratum = num(stratum), weight = weight)
  d[complete.cases(d), ]
}
bladder1st <- subset(bladder, enum == 1)
colon_death <- subset(colon, etype == 2)
pbc_trial <- subset(pbc, !is.na(trt))
public <- rbind(
  add("lung", lung$time, lung$status == 2, lung$sex == 2, ifelse(is.na(lung$ph.ecog), 9, lung$ph.ecog)),
  add("veteran", veteran$time, veteran$status, veteran$trt == 2, veteran$celltype, veteran$karno),
  add("ovarian", ovarian$futime, ovarian$fustat, ovarian$rx == 2, ovarian$resid.ds),
  add("leukemia", leukemia$time, leukemia$status, leukemia$x == "Maintained", 1),
  add("gbsg", gbsg$rfstime, gbsg$status, gbsg$hormon == 1, gbsg$grade, gbsg$age / 50),
  add("colon", colon_death$time, colon_death$status, colon_death$rx == "Lev+5FU", colon_death$sex),
  add("pbc", pbc_trial$time, pbc_trial$status == 2, pbc_trial$trt == 1, pbc_trial$stage, pbc_trial$bili),
  add("kidney", kidney$time, kidney$status, kidney$sex == 2, kidney$disease),
  add("rotterdam", rotterdam$dtime, rotterdam$death, rotterdam$hormon == 1, rotterdam$size),
  add("mgus", mgus$futime, mgus$death, mgus$sex == "male", 1),
  add("mgus2", mgus2$futime, mgus2$death, mgus2$sex == "M", 1),
  add("bladder", bladder1st$stop, bladder1st$event, bladder1st$rx == 2, bladder1st$number > 1),
  add("rats", rats$time, rats$status, rats$rx == 1, rats$sex),
  add("retinopathy", retinopathy$futime, retinopathy$status, retinopathy$trt == 1, retinopathy$type),
  add("myeloid", myeloid$futime, myeloid$death, myeloid$trt == "B", myeloid$sex)
)
all <- rbind(given, public)
cat("DATA\n"); write.csv(all, row.names = FALSE)
chisq <- function(test) {
  if (inherits(test, "try-error") || all(test$var == 0)) NA else test$chisq
}
put <- function(set, name, value) cat(sprintf("%s,%s,%.12g\n", set, name, as.numeric(value)))
# The package has no gamma: the definition of Fleming and Harrington, time by time.
fh <- function(d, rho, gamma) {
  km <- survfit(Surv(time, event) ~ 1, d)
  s <- c(1, km$surv)
  time <- aeqSurv(Surv(d$time, d$event))[, 1]
  u <- v <- 0
  for (i in which(km$n.event > 0)) {
    n <- sum(time >= km$time[i]); n1 <- sum(time >= km$time[i] & d$group == 1)
    e <- km$n.event[i]; e1 <- sum(time == km$time[i] & d$event == 1 & d$group == 1)
    w <- s[i]^rho * (1 - s[i])^gamma
    u <- u + w * (e1 - e * n1 / n)
    if (n > 1) v <- v + w^2 * e * n1 / n * (1 - n1 / n) * (n - e) / (n - 1)
  }
  if (v < 1e-12) NA else u^2 / v
}
finite <- function(fit) {
  b <- coef(fit)
  # Zero with zero error is what R has where nothing can be compared.
  if (is.na(b) || abs(b) > 12 || vcov(fit) == 0) c(NA, NA, NA) else
    c(b, sqrt(vcov(fit)), sqrt(if (is.null(fit$naive.var)) vcov(fit) else fit$naive.var))
}
cat("VALUES\n")
for (set in unique(all$set)) suppressWarnings({
  d <- all[all$set == set, ]
  for (kind in c("log", "log-log", "plain")) {
    k <- survfit(Surv(time, event) ~ 1, d, conf.type = kind)
    # As printed: quantile() of 3.5-3 sorts limits that rise again, as those of leukemia.
    q <- summary(k)$table
    put(set, paste0("low ", kind), q["0.95LCL"]); put(set, paste0("high ", kind), q["0.95UCL"])
    s <- summary(k, times = median(d$time))
    put(set, paste0("curve low ", kind), s$lower); put(set, paste0("curve high ", kind), s$upper)
  }
  put(set, "median", quantile(k, 0.5)$quantile); put(set, "q25", quantile(k, 0.25)$quantile)
  put(set, "survival", s$surv); put(set, "at risk", s$n.risk)
  w <- survfit(Surv(time, event) ~ 1, d, weights = d$weight)
  put(set, "weighted median", quantile(w, 0.5)$quantile)
  s <- summary(w, times = median(d$time))
  put(set, "weighted survival", s$surv); put(set, "weighted low", s$lower)
  horizon <- median(d$time)
  r <- summary(survfit(Surv(time, event) ~ 1, d), rmean = horizon)$table
  put(set, "rmst", r["rmean"]); put(set, "rmst se", r["se(rmean)"])
  if (length(unique(d$group)) == 2) {
    r <- summary(survfit(Surv(time, event) ~ group, d), rmean = horizon)$table
    put(set, "rmst difference", diff(r[, "rmean"]))
    put(set, "rmst difference se", sqrt(sum(r[, "se(rmean)"]^2)))
    if (any(d$event == 1)) {
      l <- try(survdiff(Surv(time, event) ~ group, d), silent = TRUE)
      put(set, "log rank", chisq(l))
      l <- try(survdiff(Surv(time, event) ~ group + strata(stratum), d), silent = TRUE)
      put(set, "stratified log rank", chisq(l))
      for (rho in c(0.5, 1, 2)) {
        l <- try(survdiff(Surv(time, event) ~ group, d, rho = rho), silent = TRUE)
        put(set, paste("rho", rho), chisq(l))
        l <- try(survdiff(Surv(time, event) ~ group + strata(stratum), d, rho = rho), silent = TRUE)
        put(set, paste("stratified rho", rho), chisq(l))
      }
      put(set, "rho 0 gamma 1", fh(d, 0, 1)); put(set, "rho 0.5 gamma 2", fh(d, 0.5, 2))
      wr <- try(coxph(Surv(time, event) ~ group + strata(stratum), d, weights = weight,
                      ties = "breslow", robust = TRUE), silent = TRUE)
      none <- inherits(wr, "try-error") || is.null(wr$rscore) || is.na(coef(wr)) ||
        vcov(wr) == 0
      if (!none && any(d$weight != floor(d$weight)))
        put(set, "weighted log rank", wr$rscore)
      for (ties in c("efron", "breslow")) {
        v <- finite(coxph(Surv(time, event) ~ group, d, ties = ties))
        put(set, paste("cox", ties), v[1]); put(set, paste("cox se", ties), v[2])
        v <- finite(coxph(Surv(time, event) ~ group + strata(stratum), d, ties = ties))
        put(set, paste("strata", ties), v[1]); put(set, paste("strata se", ties), v[2])
        v <- finite(coxph(Surv(time, event) ~ group + strata(stratum), d, weights = weight,
                          ties = ties, robust = TRUE))
        put(set, paste("weighted", ties), v[1]); put(set, paste("weighted robust", ties), v[2])
        put(set, paste("weighted naive", ties), v[3])
      }
    }
  }
})
