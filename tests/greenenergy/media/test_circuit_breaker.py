"""One call in a while tries a service that is down; all others fail at once."""

from greenenergy.media.circuit_breaker import CircuitBreaker


def test_calls_go_through_until_the_service_fails_and_again_once_it_answers():
    breaker = CircuitBreaker(retry_seconds=10)
    assert breaker.allows_call()
    breaker.open()
    assert not breaker.allows_call()
    breaker.close()
    assert breaker.allows_call()


def test_a_service_that_is_down_is_tried_by_one_call_in_ten_seconds():
    now = 0.0
    breaker = CircuitBreaker(retry_seconds=10, clock=lambda: now)
    breaker.open()
    now = 9.9
    assert not breaker.allows_call()
    now = 10.0
    assert [breaker.allows_call() for _ in range(3)] == [True, False, False]
    now = 20.0
    assert breaker.allows_call()
