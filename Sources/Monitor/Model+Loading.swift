extension Model {
  /// Takes over how far a recorded session has been read.
  mutating func take(_ news: Loading) {
    let hasEnded = news.isFinished && loading?.isFinished != true
    loading = news
    guard hasEnded else { return }
    // Nothing is to come that could be followed.
    list.stopFollowing()
    notice = news.notice ?? notice
  }

  /// Why there is nothing to follow or to hold up; nil where deliveries may still come.
  var reasonForNoArrivals: String? {
    loading?.isFinished == true ? "The whole session is loaded: nothing more comes" : nil
  }
}
