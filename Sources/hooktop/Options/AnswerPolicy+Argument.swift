public import ArgumentParser
public import Webhooks

extension AnswerPolicy: ExpressibleByArgument {}
