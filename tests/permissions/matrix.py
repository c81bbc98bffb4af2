"""Every address × every persona → the status code. Reviewed like a contract: a changed figure is a changed right.

A line is ``method  URL name  arguments  codes``; the codes stand in the order of PERSONAS. What an argument names is
made by ``world.py`` and lies on side a; ``member_b`` is a member of another branch. 302 sends a visitor to the log-in,
404 is out of scope and looks like unknown, 403 is in scope without the capability. Where a page also takes POST, a
persona who may not see it is refused the same way there: the test tries it, the table need not say so.
"""

from dataclasses import dataclass

PERSONAS = (
    "anonymous",
    "member",
    "member_b",
    "group_leader",
    "branch_secretary",
    "battalion_secretary",
    "organisation_clerk",
    "inspector",
    "system_admin",
    "security_admin",
    "audit_admin",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One address and what each persona gets."""

    method: str
    route: str
    arguments: str
    codes: dict[str, int]


# method, route, arguments   anonymous · member · other branch · group leader · branch secretary · battalion secretary ·
#                            organisation clerk · inspector · system · security · audit administrator
TABLE = """
# home
GET  home:index                                             302 200 200 200 200 200 200 200 200 200 200
GET  home:todos                                             302 200 200 200 200 200 200 200 200 200 200
# accounts
GET  account_login                                          200 302 302 302 302 302 302 302 302 302 302
GET  mfa_authenticate                                       302 302 302 302 302 302 302 302 302 302 302
GET  account_logout                                         302 200 200 200 200 200 200 200 200 200 200
GET  account_reauthenticate                                 302 403 403 403 403 403 403 403 302 302 302
GET  mfa_reauthenticate                                     302 403 403 403 403 403 403 403 200 200 200
GET  mfa_index                                              302 200 200 200 200 200 200 200 200 200 200
GET  mfa_activate_totp                                      302 200 200 200 200 200 200 200 302 302 302
GET  mfa_deactivate_totp                                    302 404 404 404 404 404 404 404 302 302 302
GET  mfa_view_recovery_codes                                302 404 404 404 404 404 404 404 404 404 404
GET  mfa_generate_recovery_codes                            302 200 200 200 200 200 200 200 302 302 302
GET  mfa_download_recovery_codes                            302 404 404 404 404 404 404 404 404 404 404
GET  accounts:password                                      302 200 200 200 200 200 200 200 200 200 200
GET  accounts:sessions                                      302 200 200 200 200 200 200 200 200 200 200
POST accounts:sessions_end_others                            302 302 302 302 302 302 302 302 302 302 302
POST accounts:session_end        session_id=1               302 404 404 404 404 404 404 404 404 404 404
GET  accounts:tokens                                        302 200 200 200 200 200 200 200 200 200 200
POST accounts:token_revoke       token_id=token             302 404 404 404 302 404 404 404 404 404 404
GET  accounts:manage                                        302 403 403 403 403 403 403 403 403 200 403
GET  accounts:account_new                                   302 403 403 403 403 403 403 403 403 200 403
GET  accounts:account            account_id=account         302 403 403 403 403 403 403 403 403 200 403
POST accounts:account_act        account_id=account verb=lock 302 403 403 403 403 403 403 403 403 422 403
# files
GET  files:download              file_id=file               302 403 403 403 403 403 403 403 403 403 403
# inbox
GET  inbox:list                                             302 200 200 200 200 200 200 200 200 200 200
POST inbox:read_all                                         302 302 302 302 302 302 302 302 302 302 302
GET  inbox:channels                                         302 200 200 200 200 200 200 200 200 200 200
GET  inbox:compose                                          302 403 403 403 200 200 200 403 403 403 403
GET  inbox:sent                                             302 403 403 403 200 200 200 403 403 403 403
GET  inbox:sent_one              pk=broadcast               302 403 403 403 200 404 404 403 403 403 403
POST inbox:chase                 pk=broadcast               302 404 404 404 302 404 404 404 404 404 404
GET  inbox:withdraw              pk=broadcast               302 403 403 403 200 404 404 403 403 403 403
GET  inbox:deliveries                                       302 403 403 403 403 403 403 403 200 403 403
POST inbox:retry_all                                        302 403 403 403 403 403 403 403 302 403 403
POST inbox:retry                 pk=delivery                302 403 403 403 403 403 403 403 302 403 403
GET  inbox:item                  pk=item                    302 200 404 404 404 404 404 404 404 404 404
GET  inbox:go                    pk=item                    302 302 404 404 404 404 404 404 404 404 404
POST inbox:read                  pk=item                    302 302 404 404 404 404 404 404 404 404 404
POST inbox:done                  pk=item                    302 302 404 404 404 404 404 404 404 404 404
GET  inbox:snooze                pk=item                    302 200 404 404 404 404 404 404 404 404 404
# units
GET  units:tree                                             302 200 200 200 200 200 200 200 403 200 403
GET  units:past                                             302 200 200 200 200 200 200 200 403 200 403
GET  units:roles                                            302 200 200 200 200 200 200 200 200 200 200
GET  units:my_access                                        302 200 200 200 200 200 200 200 200 200 200
GET  units:access                pk=user                    302 200 404 403 200 200 200 200 404 200 404
GET  units:grant_end             pk=grant                   302 404 404 404 403 403 403 403 404 403 404
GET  units:sites                                            302 200 200 200 200 200 200 200 403 200 403
GET  units:site_create                                      302 403 403 403 403 403 200 403 403 403 403
GET  units:site_edit             pk=site                    302 403 403 403 403 403 200 403 404 403 404
POST units:site_switch           pk=site                    302 403 403 403 403 403 302 403 404 403 404
GET  units:detail                pk=unit                    302 200 404 200 200 200 200 200 404 200 404
GET  units:create                pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:edit                  pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:order                 pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:move                  pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:split                 pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:merge                 pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:dissolve              pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:grants                pk=unit                    302 403 404 403 200 200 200 200 404 200 404
GET  units:grant_give            pk=unit                    302 403 404 403 403 403 200 403 404 403 404
GET  units:delegate              pk=unit                    302 403 404 403 200 200 200 403 404 403 404
# members
GET  members:list                                           302 200 200 200 200 200 200 200 403 403 403
GET  members:search                                         302 200 200 200 200 200 200 200 403 403 403
GET  members:me                                             302 302 302 302 302 302 302 302 404 404 404
GET  members:create                                         302 403 403 403 200 403 200 403 403 403 403
GET  members:codes               unit_id=unit               302 403 404 403 200 403 200 403 404 403 404
GET  members:file                pk=person                  302 403 404 403 200 200 200 200 404 404 404
GET  members:tab                 pk=person tab=timeline     302 403 404 403 200 200 200 200 404 404 404
GET  members:card                pk=person                  302 200 404 200 200 200 200 200 404 404 404
GET  members:print               pk=person                  302 403 404 403 200 200 200 200 404 404 404
GET  members:reveal              pk=person field=id_number  302 403 404 403 200 200 200 403 404 404 404
GET  members:edit                pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:standing            pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:move                pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:attach              pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:detach              pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:leave               pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:return              pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:tenure_new          pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:tenure_end          pk=person tenure_id=tenure 302 403 404 403 200 403 200 403 404 404 404
GET  members:account             pk=person                  302 403 404 403 200 403 200 403 404 404 404
GET  members:account_unlink      pk=person                  302 403 404 403 200 403 200 403 404 404 404
# whereabouts
GET  whereabouts:register                                   302 403 403 200 200 200 200 200 403 403 403
GET  whereabouts:post                                       302 403 403 403 200 200 200 403 403 403 403
GET  whereabouts:checkin                                    302 200 200 200 200 200 200 200 403 403 403
GET  whereabouts:mine                                       302 200 200 200 200 200 200 200 403 403 403
GET  whereabouts:posting         pk=posting                 302 404 404 200 200 200 200 200 404 404 404
POST whereabouts:confirm         pk=posting                 302 404 404 403 302 302 302 403 404 404 404
GET  whereabouts:extend          pk=posting                 302 404 404 403 200 200 200 403 404 404 404
GET  whereabouts:end             pk=posting                 302 404 404 403 200 200 200 403 404 404 404
GET  whereabouts:correct         pk=posting                 302 404 404 403 200 200 200 403 404 404 404
GET  whereabouts:cancel          pk=posting                 302 404 404 403 200 200 200 403 404 404 404
# roster
GET  roster:index                                             302 403 403 403 403 403 200 403 403 403 403
POST roster:upload                                            302 403 403 403 403 403 200 403 403 403 403
GET  roster:export                                            302 403 403 403 200 200 200 403 403 403 403
GET  roster:template                                          302 403 403 403 200 200 200 403 403 403 403
GET  roster:show                 pk=upload                    302 404 404 404 404 404 200 404 404 404 404
GET  roster:status               pk=upload                    302 404 404 404 404 404 200 404 404 404 404
POST roster:confirm              pk=upload                    302 404 404 404 404 404 302 404 404 404 404
POST roster:retry                pk=upload                    302 404 404 404 404 404 409 404 404 404 404
POST roster:discard              pk=upload                    302 404 404 404 404 404 302 404 404 404 404
# orglife
GET  orglife:list                                           302 200 200 200 200 200 200 200 403 403 403
GET  orglife:new                                            302 403 403 200 200 200 200 403 403 403 403
GET  orglife:meeting             pk=meeting                 302 200 404 200 200 200 200 200 404 404 404
GET  orglife:open                pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:close               pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:cancel              pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:minutes             pk=meeting                 302 200 404 200 200 200 200 200 404 404 404
POST orglife:roll                pk=meeting                 302 403 404 403 302 302 302 403 404 404 404
POST orglife:sign_in             pk=meeting                 302 302 404 302 302 302 404 404 404 404 404
GET  orglife:leave               pk=meeting                 302 200 404 200 200 200 404 404 404 404 404
GET  orglife:exclude             pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:include             pk=meeting person_id=person 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:correct                pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:motion_new          pk=meeting                 302 403 404 403 200 200 200 403 404 404 404
GET  orglife:motion              pk=motion                  302 200 404 200 200 200 200 200 404 404 404
GET  orglife:count               pk=motion                  302 200 404 200 200 200 200 200 404 404 404
GET  orglife:motion_open         pk=motion                  302 403 404 403 200 200 200 403 404 404 404
GET  orglife:motion_close        pk=motion                  302 403 404 403 200 200 200 403 404 404 404
GET  orglife:motion_withdraw     pk=motion                  302 403 404 403 200 200 200 403 404 404 404
GET  orglife:written             pk=motion                  302 200 404 200 200 200 200 404 404 404 404
GET  orglife:tally               pk=motion                  302 200 404 200 200 200 200 403 404 404 404
GET  orglife:vote                pk=motion                  302 302 404 200 200 200 200 200 404 404 404
GET  orglife:voted               pk=motion                  302 200 404 404 404 404 404 404 404 404 404
GET  orglife:resolution          pk=motion                  302 200 404 200 200 200 200 200 404 404 404
GET  orglife:sign                pk=motion                  302 403 404 403 200 200 200 403 404 404 404
# notices
GET  notices:list                                           302 200 200 200 200 200 200 200 403 403 403
GET  notices:new                                            302 403 403 403 200 200 200 403 403 403 403
GET  notices:received                                       302 200 200 200 200 200 200 200 403 403 403
GET  notices:posting             pk=notice                  302 200 404 200 200 200 200 200 404 404 404
GET  notices:sheet               pk=notice                  302 200 404 200 200 200 200 200 404 404 404
GET  notices:withdraw            pk=notice                  302 403 404 403 200 200 200 403 404 404 404
GET  notices:receiver            pk=notice                  302 403 404 403 403 200 200 403 404 404 404
GET  notices:conclude            pk=notice                  302 403 404 200 200 200 200 403 404 404 404
GET  notices:object              pk=notice                  302 200 404 403 200 200 200 200 404 404 404
GET  notices:threads             pk=notice                  302 403 404 200 403 403 403 403 404 404 404
GET  notices:answer              pk=objection               302 404 404 200 404 404 404 404 404 404 404
# insights
GET  insights:map                                           302 200 200 200 200 200 200 200 403 403 403
GET  insights:wall                                          302 200 200 200 200 200 200 200 403 403 403
GET  insights:text                                          302 200 200 200 200 200 200 200 403 403 403
GET  insights:locate                                        302 200 200 200 200 200 200 200 403 403 403
GET  insights:data                                          302 200 200 200 200 200 200 200 403 403 403
GET  insights:people                                        302 422 422 422 422 422 422 422 403 403 403
GET  insights:base               digest=0000                302 302 302 302 302 302 302 302 302 302 302
GET  insights:base_manage                                   302 403 403 403 403 403 403 403 200 403 403
POST insights:base_revert                                   302 403 403 403 403 403 403 403 409 403 403
# oversight
GET  oversight:my_lookups                                   302 200 200 200 200 200 200 200 404 404 404
GET  oversight:log                                          302 403 403 403 403 403 403 403 403 403 200
GET  oversight:chain                                        302 403 403 403 403 403 403 403 403 403 200
GET  oversight:data_quality                                 302 403 403 403 200 200 200 200 403 403 403
GET  oversight:system                                       302 403 403 403 403 403 403 403 200 403 403
POST oversight:prove                                        302 403 403 403 403 403 403 403 302 403 403
# chronicle
GET  chronicle:list                                         302 200 200 200 200 200 200 200 403 403 403
GET  chronicle:person            pk=person                  302 403 404 403 200 200 200 200 404 404 404
GET  chronicle:unit              pk=unit                    302 403 404 403 200 200 200 200 404 403 404
GET  chronicle:record                                       302 403 403 403 200 403 200 403 403 403 403
GET  chronicle:note              kind=admission.talk        302 403 403 403 200 403 200 403 403 403 403
GET  chronicle:fact              pk=fact                    302 404 404 404 200 200 200 200 404 404 404
GET  chronicle:correct           pk=fact                    302 404 404 404 200 403 200 403 404 404 404
GET  chronicle:withdraw          pk=fact                    302 404 404 404 200 403 200 403 404 404 404
POST chronicle:evidence          pk=fact                    302 404 404 404 422 403 422 403 404 404 404
# duties
GET  duties:board                                           302 403 403 200 200 200 200 200 403 403 403
GET  duties:list                                            302 200 200 200 200 200 200 200 403 403 403
GET  duties:calendar                                        302 200 200 200 200 200 200 200 403 403 403
POST duties:feed_new                                        302 302 302 302 302 302 302 302 422 422 422
POST duties:feed_stop                                       302 302 302 302 302 302 302 302 302 302 302
GET  duties:feed                 token=unknown              404 404 404 404 404 404 404 404 404 404 404
GET  duties:rules                                           302 200 200 200 200 200 200 200 200 200 200
GET  duties:rule                 rule_id=DM-03              302 200 200 200 200 200 200 200 200 200 200
GET  duties:burden                                          302 403 403 200 200 200 200 200 403 403 403
GET  duties:parameters                                      302 403 403 403 403 403 200 403 403 403 403
GET  duties:parameter  parameter_id=admission.talk_within   302 403 403 403 403 403 200 403 403 403 403
GET  duties:override_end         pk=override                302 403 403 403 403 403 200 403 403 403 403
GET  duties:show                 pk=duty                    302 404 404 404 200 200 200 200 404 404 404
GET  duties:record               pk=duty                    302 404 404 404 200 200 200 403 404 404 404
GET  duties:snooze               pk=duty                    302 404 404 404 200 200 200 403 404 404 404
GET  duties:hand_over            pk=duty                    302 404 404 404 200 200 200 403 404 404 404
POST duties:take_back            pk=duty                    302 404 404 404 409 409 409 403 404 404 404
# admission
GET  admission:board                                        302 403 403 403 200 200 200 200 403 403 403
GET  admission:list                                         302 403 403 403 200 200 200 200 403 403 403
GET  admission:plan                                         302 403 403 403 200 200 200 200 403 403 403
GET  admission:compare                                      302 403 403 403 200 200 200 200 403 403 403
GET  admission:mine                                         302 200 200 200 200 200 200 200 403 403 403
GET  admission:open                                         302 403 403 403 200 403 200 403 403 403 403
GET  admission:open_for          person=person              302 404 404 404 200 404 200 404 404 404 404
GET  admission:case              pk=case                    302 404 404 404 200 200 200 200 404 404 404
GET  admission:act               pk=case act=talk           302 404 404 404 200 403 200 403 404 404 404
GET  admission:submit            pk=case act=meeting        302 404 404 404 200 403 200 403 404 404 404
GET  admission:paper             pk=case                    302 404 404 404 200 403 200 403 404 404 404
GET  admission:papers            pk=case                    302 404 404 404 200 200 200 200 404 404 404
GET  admission:draw              pk=case kind=register form=pdf  302 404 404 404 200 200 200 200 404 404 404
GET  admission:export            pk=case                    302 404 404 404 200 200 200 200 404 404 404
GET  admission:correct           pk=case record=record      302 404 404 404 200 403 200 403 404 404 404
GET  admission:cancel            pk=case record=record      302 404 404 404 200 403 200 403 404 404 404
# regulations
GET  regulations:book                                       302 200 200 200 200 200 200 200 200 200 200
GET  regulations:calendar        year=2026                  302 200 200 200 200 200 200 200 200 200 200
# ui
GET  ui:gallery                                             302 404 404 404 404 404 404 404 404 404 404
GET  ui:trouble                  code=404                   302 404 404 404 404 404 404 404 404 404 404
POST ui:theme                                               302 302 302 302 302 302 302 302 302 302 302
# api
GET  api:openapi-json                                       200 200 200 200 200 200 200 200 200 200 200
GET  api:read_map                                           401 200 200 200 200 200 200 200 403 403 403
GET  api:members                                            401 200 200 200 200 200 200 200 403 403 403
GET  api:member                  number=number              401 403 404 403 200 200 200 200 404 404 404
GET  api:me                                                 401 200 200 200 200 200 200 200 200 200 200
GET  api:list_units                                         401 200 200 200 200 200 200 200 403 200 403
GET  api:get_unit                code=code                  401 200 404 200 200 200 200 200 404 200 404
GET  api:postings                                           401 403 403 200 200 200 200 200 403 403 403
GET  api:my_place                                           401 200 200 200 200 200 200 200 200 200 200
GET  api:api-root                                           404 404 404 404 404 404 404 404 404 404 404
"""


def lines() -> list[Line]:
    """The table, read."""
    found = []
    for text in TABLE.strip().splitlines():
        if text.startswith("#"):
            continue
        method, route, *rest = text.split()
        arguments, codes = rest[: -len(PERSONAS)], rest[-len(PERSONAS) :]
        found.append(Line(method, route, " ".join(arguments), dict(zip(PERSONAS, map(int, codes), strict=True))))
    return found
