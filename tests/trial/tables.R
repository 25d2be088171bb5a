# Rebuilds results of a trial from its transport files alone: folder, event of the look.
suppressMessages({library(haven); library(survival)})
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) as.data.frame(read_xpt(file.path(given[1], paste0(name, ".xpt"))))
sl <- read("adsl"); tte <- read("adtte"); rs <- read("adrs")
look <- as.integer(given[2]); month <- 365.25 / 12
say <- function(name, replicate, value)
  cat(sprintf("%s\t%d\t%.17g\n", name, as.integer(replicate), as.numeric(value)))
middle <- function(data) {
  fit <- survfit(Surv(AVAL, CNSR == 0) ~ 1, data = data)
  as.numeric(quantile(fit, 0.5)$quantile) / month
}
ratio <- function(data) {
  fit <- coxph(Surv(AVAL, CNSR == 0) ~ I(TRTPN == 1) + strata(STRATARN), data = data)
  exp(as.numeric(coef(fit)))
}
for (r in unique(sl$REPLNUM)) {
  s <- sl[sl$REPLNUM == r, ]; t <- tte[tte$REPLNUM == r, ]; p <- rs[rs$REPLNUM == r, ]
  pfs <- t[t$PARAMCD == "PFS", ]
  for (arm in sort(unique(s$TRT01PN))) {
    who <- s$USUBJID[s$TRT01PN == arm]
    for (time in c("PFS", "OS", "DOR"))
      say(paste(time, arm), r, middle(t[t$PARAMCD == time & t$TRTPN == arm, ]))
    able <- s$USUBJID[s$TRT01PN == arm & s$RSPEFL == "Y"]
    for (flag in c("RSP", "CBEN")) {
      asked <- if (flag == "RSP") able else who
      one <- p[p$PARAMCD == flag & p$USUBJID %in% asked, ]
      say(paste(flag, arm), r, 100 * mean(one$AVALC == "Y"))
    }
    best <- p[p$PARAMCD %in% c("BOR", "CBOR") & p$ANL01FL == "Y" & p$TRTPN == arm, ]
    for (word in unique(best$AVALC)) say(paste("BOR", word, arm), r, sum(best$AVALC == word))
  }
  for (time in c("PFS", "OS")) say(paste("HR", time), r, ratio(t[t$PARAMCD == time, ]))
  for (flag in grep("^SUBG..FL$", names(s), value = TRUE)) {
    part <- pfs[pfs$USUBJID %in% s$USUBJID[s[[flag]] == "Y"], ]
    say(paste(flag, "HR"), r, ratio(part))
    say(paste(flag, "PFS 1"), r, middle(part[part$TRTPN == 1, ]))
  }
  # The data as they stood at so many events: later ones are censored at the last scan.
  d <- merge(pfs, s[, c("USUBJID", "ENTRYDAY")], by = "USUBJID")
  day <- sort((d$ENTRYDAY + d$AVAL)[d$CNSR == 0])[look] + 1e-9
  d <- d[d$ENTRYDAY < day, ]
  scans <- p[p$PARAMCD == "OVRLRESP" & p$AVALC != "NE", c("USUBJID", "EXACTDAY")]
  scans <- merge(scans, d[, c("USUBJID", "ENTRYDAY")], by = "USUBJID")
  scans <- scans[scans$EXACTDAY <= day - scans$ENTRYDAY, ]
  last <- tapply(scans$EXACTDAY, scans$USUBJID, max)[d$USUBJID]
  last[is.na(last)] <- 0
  known <- d$AVAL <= day - d$ENTRYDAY
  d$CNSR[!known] <- 1
  d$AVAL[!known] <- pmin(last, d$AVAL)[!known]
  say("look HR", r, ratio(d))
  say("look months", r, day / month)
  say("look patients", r, nrow(d))
}
